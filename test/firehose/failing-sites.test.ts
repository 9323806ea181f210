import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DestinationError } from '../../src/delivery/destination.ts'
import { ACCOUNT, createActive, createLab, type Lab, NAME, REGION, textOf } from './firehose-lab.ts'
import { byPrefix, line, partitioned } from './partitioned-lab.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const PARTITIONS = 20
const DAYS = 2

/** A life in which attempts are counted, and `refusalOf` says what the S3 does. */
async function counting(lab: Lab, refusalOf: (key: string) => DestinationError | undefined) {
  const attempts = new Map<string, number>()
  const delivery = await lab.boot({
    destination: {
      ...lab.bucket.port,
      async put(object, signal) {
        attempts.set(object.key, (attempts.get(object.key) ?? 0) + 1)
        const refusal = refusalOf(object.key)
        if (refusal) throw refusal
        return await lab.bucket.port.put(object, signal)
      },
    },
  })
  return { delivery, attempts: () => [...attempts.values()].reduce((sum, count) => sum + count, 0) }
}

const missing = new DestinationError({ code: 'S3.NoSuchBucket', message: 'The bucket does not exist' })

test('a bucket that is missing is one failure, however many partitions are to be put into it', async () => {
  const lab = await createLab()
  let refusal: DestinationError | undefined = missing
  const { delivery, attempts } = await counting(lab, () => refusal)
  await createActive(lab, partitioned())
  for (let customer = 0; customer < PARTITIONS; customer++) await lab.put(line(customer, 0))
  for (let hour = 0; hour < DAYS * 24; hour += 6) {
    for (let customer = 0; customer < PARTITIONS; customer++) await lab.put(line(customer, 1 + hour))
    await lab.clock.advance(6 * HOUR_MS)
  }
  const fiveMinutes = (DAYS * DAY_MS) / 300_000
  assert.ok(attempts() < fiveMinutes + 40, `${attempts()} attempts`)
  const { failures, waiting, failingSince, lastError } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.ok(failures > 0 && failingSince !== undefined && lastError?.code === 'S3.NoSuchBucket')
  assert.equal(waiting.records, PARTITIONS * (DAYS * 4 + 1))
  assert.deepEqual(
    lab.problems.list().map(({ code }) => code),
    ['DeliveryFailing'],
  )
  refusal = undefined
  const before = attempts()
  await lab.clock.advance(HOUR_MS)
  assert.equal(lab.bucket.list().map(textOf).join('').split('\n').length - 1, PARTITIONS * (DAYS * 4 + 1))
  // The first batches, tried for as long as RetryOptions says, are among the errors.
  const prefixes = Object.keys(byPrefix(lab)).filter((prefix) => prefix.startsWith('by/'))
  assert.equal(prefixes.length, PARTITIONS)
  assert.ok(attempts() - before <= 2 * PARTITIONS, `${attempts() - before} attempts`)
  assert.deepEqual([lab.errors, lab.problems.list()], [[], []])
})

test('what is refused for its key alone holds up nothing else', async () => {
  const lab = await createLab()
  const refusal = new DestinationError({ code: 'S3.AccessDenied', message: 'Access Denied' })
  await counting(lab, (key) => (key.startsWith('by/1/') ? refusal : undefined))
  await createActive(lab, partitioned())
  for (const customer of [1, 2]) await lab.put(line(customer, 0))
  await lab.clock.advance(60_000)
  assert.deepEqual(Object.keys(byPrefix(lab)), ['by/2/'])
})

test('who asks for a delivery is told what the bucket says now, whoever else waits for it', async () => {
  const lab = await createLab()
  let refusal: DestinationError | undefined = missing
  const { delivery } = await counting(lab, () => refusal)
  await createActive(lab, partitioned())
  for (const customer of [1, 2, 3]) await lab.put(line(customer, 0))
  await lab.clock.advance(HOUR_MS)
  await assert.rejects(delivery.deliverNow(ACCOUNT, REGION, NAME), /The bucket does not exist/)
  refusal = undefined
  await delivery.deliverNow(ACCOUNT, REGION, NAME)
  assert.equal(lab.bucket.list().length, 3)
})
