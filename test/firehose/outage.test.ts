import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DestinationError } from '../../src/delivery/destination.ts'
import {
  ACCOUNT,
  createActive,
  createLab,
  destination,
  fromStream,
  type Lab,
  NAME,
  REGION,
  STREAM_ARN,
  textOf,
} from './firehose-lab.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GROUP = 'kinesis/clicks'
const small = destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } })
/** Two of them fill a buffer. */
const large = (name: string) => name.padEnd(0.6 * 2 ** 20, '.')
const namesOf = (lab: Lab) =>
  lab.bucket
    .list()
    .map(textOf)
    .join('')
    .split(/\.+/)
    .filter((name) => name !== '')
const codesOf = (lab: Lab) => lab.problems.list().map(({ code }) => code)
const whatOf = (lab: Lab, code: string) => lab.problems.list().find((one) => one.code === code)?.what ?? ''

test('what was put while the bucket was missing for 30 days is delivered, once and in order', async () => {
  const lab = await createLab()
  let delivery = await lab.boot()
  await createActive(lab, small)
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  const expected: string[] = []
  for (let day = 0; day < 30; day++) {
    for (const part of ['a', 'b', 'c']) expected.push(`${day}${part}`)
    for (const name of expected.slice(-3)) await lab.put(large(name))
    await lab.clock.advance(DAY_MS)
    if (day % 10 === 9) {
      await delivery.close()
      delivery = await lab.boot()
    }
  }
  await lab.clock.advance(HOUR_MS)
  const { waiting, failingSince } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(waiting.records, 90)
  assert.ok(failingSince !== undefined && failingSince < lab.clock.now() - 29 * DAY_MS)
  assert.deepEqual(codesOf(lab), ['DeliveryFailing'])
  assert.match(
    whatOf(lab, 'DeliveryFailing'),
    /^the destination has failed since 2026-07-03T09:05:.*: S3.NoSuchBucket, The specified bucket does not exist; what waits is kept/,
  )
  // Once in each of its four lives, however often it is tried.
  assert.equal(lab.reports.length, 4)
  lab.bucket.refuse(0)
  await lab.clock.advance(HOUR_MS)
  assert.deepEqual(namesOf(lab), expected)
  const after = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual([after.waiting, after.gone, codesOf(lab)], [{ records: 0, bytes: 0 }, undefined, []])
  assert.deepEqual(lab.errors, [])
})

test('hours before the first record is lost it is said when and why, and a longer retention takes that away', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...small })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  await lab.stream.put('0', 'one ')
  const firstLostAt = lab.clock.now() + DAY_MS
  await lab.clock.advance(18 * HOUR_MS - 60_000)
  assert.deepEqual(codesOf(lab), ['DeliveryFailing'])
  await lab.clock.advance(3 * HOUR_MS)
  assert.match(
    whatOf(lab, 'RecordsExpiring'),
    /^the first record would be lost in about 3 hours \(the stream's retention is 24 hours; the destination has failed since/,
  )
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).firstLostAt, firstLostAt)
  const [backlog] = delivery.backlogs()
  assert.partialDeepStrictEqual(backlog, { name: NAME, records: 1, bytes: 4, isFailing: true })
  assert.equal(backlog?.firstLostInMs, firstLostAt - lab.clock.now())
  await lab.stream.keepFor(7 * DAY_MS)
  await lab.clock.advance(HOUR_MS)
  assert.deepEqual(codesOf(lab), ['DeliveryFailing'])
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).firstLostAt, undefined)
  await lab.clock.advance(4 * DAY_MS)
  lab.bucket.refuse(0)
  await lab.clock.advance(HOUR_MS)
  assert.deepEqual([lab.bucket.list().map(textOf), codesOf(lab)], [['one '], []])
})

test('what is not read, because nobody may, is warned of as well', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  await lab.boot()
  await createActive(lab, { ...fromStream, ...small })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await lab.stream.put('0', large(name))
  await lab.clock.advance(20 * HOUR_MS)
  assert.match(whatOf(lab, 'RecordsExpiring'), /in about 3 hours|in about 4 hours/)
})

for (const [name, retentionMs, days] of [
  ['long after the retention', DAY_MS, 100_000],
  ['within the hours before the first record is lost', 365 * DAY_MS, 364],
] as const)
  test(`a clock that is moved while a destination fails costs what comes due: ${name}`, {
    timeout: 60_000,
  }, async () => {
    const lab = await createLab()
    lab.stream.open('0')
    await lab.boot()
    await createActive(lab, { ...fromStream, ...small })
    await lab.stream.keepFor(retentionMs)
    lab.bucket.refuse(Number.POSITIVE_INFINITY)
    await lab.stream.put('0', 'one ')
    const began = performance.now()
    await lab.clock.advance(days * DAY_MS)
    const tookMs = performance.now() - began
    assert.ok(tookMs < 2_000, `it took ${tookMs} ms`)
    assert.ok(codesOf(lab).includes('DeliveryFailing'))
    lab.bucket.refuse(0)
    await lab.clock.advance(HOUR_MS)
    assert.deepEqual(lab.errors, [])
    assert.equal(lab.bucket.list().length, days < 365 ? 1 : 0)
  })

for (const [what, error, codes] of [
  ['a full disk', { code: 'StorageFull', message: 'no room' }, []],
  [
    'a role that may not put',
    { code: 'S3.AccessDenied', message: 'Access was denied.', denial: 'it cannot deliver: no policy' },
    ['DeliveryAccessDenied'],
  ],
  ['a bucket that says no', { code: 'S3.AccessDenied', message: 'Access Denied' }, ['DeliveryFailing']],
] as const)
  test(`why a delivery fails is said once: ${what}`, async () => {
    const lab = await createLab()
    let isRefused = true
    const delivery = await lab.boot({
      destination: {
        ...lab.bucket.port,
        put: async (...object) => {
          if (isRefused) throw new DestinationError(error)
          return await lab.bucket.port.put(...object)
        },
      },
    })
    await createActive(lab, small)
    await lab.put('one ')
    await lab.clock.advance(2 * HOUR_MS)
    assert.deepEqual(codesOf(lab), codes)
    const { lastError, failingSince } = await delivery.status(ACCOUNT, REGION, NAME)
    assert.ok(lastError?.code === error.code && failingSince !== undefined)
    isRefused = false
    await lab.clock.advance(HOUR_MS)
    assert.deepEqual([codesOf(lab), lab.bucket.list().map(textOf)], [[], ['one ']])
  })

/** Six records a day, of which a buffer and a batch hold four, for days; the stream keeps those of one. */
async function outage(days: number, reboot: (lab: Lab, day: number) => Promise<void>) {
  const lab = await createLab()
  lab.stream.open('0')
  await reboot(lab, -1)
  await createActive(lab, { ...fromStream, ...small })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  const put: [name: string, position: number][] = []
  for (let day = 0; day < days; day++)
    for (let count = 0; count < 6; count++) {
      const name = `${day}-${count}`
      put.push([name, await lab.stream.put('0', large(name))])
      await lab.clock.advance(4 * HOUR_MS)
      if (count === 3) await reboot(lab, day)
    }
  return { lab, put }
}

for (const [name, isRebooted] of [
  ['what expired in a long outage is named to the last record', false],
  ['and so it is when the server was started anew again and again', true],
] as const)
  test(name, async () => {
    let delivery: Awaited<ReturnType<Lab['boot']>> | undefined
    const { lab, put } = await outage(5, async (at, day) => {
      if (!isRebooted && day >= 0) return
      await delivery?.close()
      delivery = await at.boot()
    })
    lab.bucket.refuse(0)
    await lab.clock.advance(HOUR_MS)
    const there = namesOf(lab)
    assert.ok(there.length >= 5 && there.length < 10, `${there.length} were delivered`)
    assert.deepEqual(
      there,
      put.slice(-there.length).map(([one]) => one),
    )
    const { gone, waiting } = await delivery!.status(ACCOUNT, REGION, NAME)
    assert.deepEqual([gone?.records, gone?.uncounted], [put.length - there.length, undefined])
    assert.equal(waiting.records, 0)
    assert.match(gone!.why, /were gone from 0 \(\d+ that arrived .*\), sequence numbers \d+ to \d+/)
    for (const [at, state] of [
      [0, 'lost'],
      [put.length - there.length - 1, 'lost'],
      [put.length - 1, 'delivered'],
    ] as const) {
      const place = { streamArn: STREAM_ARN, group: GROUP, log: '0', position: put[at]![1] }
      assert.partialDeepStrictEqual(await delivery!.landed(place), [{ state }])
    }
    assert.deepEqual(codesOf(lab), ['RecordsGone'])
    assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/counts/' }), [])
    assert.deepEqual(lab.errors, [])
  })
