import assert from 'node:assert/strict'
import { test } from 'node:test'
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

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const GROUP = 'kinesis/clicks'
const slow = destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } })

/** A batch of three records of which the stream forgets two, ten minutes apart, before there is a bucket. */
async function partlyGone(lab: Lab) {
  lab.stream.open('0')
  lab.stream.open('1')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...slow })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  const positions = [await lab.stream.put('0', 'one '), await lab.stream.put('1', 'two ')]
  await lab.clock.advance(10 * MINUTE_MS)
  positions.push(await lab.stream.put('1', 'three '))
  // Of a long move the last attempt is at its end, and the next one five minutes behind it.
  await lab.clock.advance(24 * HOUR_MS - 6 * MINUTE_MS)
  lab.bucket.refuse(0)
  await lab.clock.advance(6 * MINUTE_MS)
  const landed = async (log: string, index: number) =>
    (await delivery.landed({ streamArn: STREAM_ARN, group: GROUP, log, position: positions[index]! }))[0]!
  return { delivery, landed }
}

test('records that are gone concern only themselves: the others of their batch are delivered, and the gone are named', async () => {
  const lab = await createLab()
  const { delivery, landed } = await partlyGone(lab)
  assert.deepEqual(lab.bucket.list().map(textOf), ['three '])
  const { gone, lastDeliveries } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.partialDeepStrictEqual(lastDeliveries, [{ records: 1, bytes: 6, outcome: { status: 'delivered' } }])
  assert.equal(gone?.records, 2)
  assert.match(
    gone.why,
    /^2 of 3 were gone from 0 \(1 that arrived at 2026-07-03T09:05:08.000Z\), sequence numbers \d+ to \d+; 1 \(1 that/,
  )
  assert.partialDeepStrictEqual(lab.problems.list(), [
    {
      ...{ code: 'RecordsGone', where: `delivery stream ${NAME} of account 123456789012` },
      what: `2 records could not be delivered; at last: ${gone.why}`,
    },
  ])
  for (const [log, index] of [
    ['0', 0],
    ['1', 1],
  ] as const)
    assert.partialDeepStrictEqual(await landed(log, index), { state: 'lost' })
  assert.partialDeepStrictEqual(await landed('1', 2), { state: 'delivered', offset: 0, length: 6 })
  assert.deepEqual(lab.errors, [])
})

test('what is gone is still told after a restart, and no more once the delivery stream is deleted', async () => {
  const lab = await createLab()
  const { delivery } = await partlyGone(lab)
  await delivery.close()
  const again = await lab.boot()
  assert.equal((await again.status(ACCOUNT, REGION, NAME)).gone?.records, 2)
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(1000)
  assert.deepEqual(lab.problems.list(), [])
  assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/' }), [])
})

test('when the stream is deleted its buffered records are gone, and those of its successor are delivered', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...slow })
  await lab.stream.put('0', 'one ')
  await lab.clock.advance(MINUTE_MS)
  await lab.engine.logs.dropGroup(GROUP)
  await lab.clock.advance(15 * MINUTE_MS)
  const { gone, lastDeliveries } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(gone?.records, 1)
  assert.equal(lastDeliveries[0]?.outcome.status, 'lost')
  await lab.stream.ready()
  await lab.stream.put('0', 'two ')
  await lab.clock.advance(30 * MINUTE_MS)
  assert.deepEqual(lab.bucket.list().map(textOf), ['two '])
})

test('what a deleted stream held and there was no room to read is named as well', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...slow })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  // The first of them is sealed, the second fills the buffer, both to the tip of the log.
  for (let count = 0; count < 2; count++) {
    await lab.stream.put('0', 'x'.repeat(2 ** 20))
    await lab.clock.advance(1000)
  }
  await lab.stream.put('0', 'unread')
  await lab.clock.advance(1000)
  await lab.engine.logs.dropGroup(GROUP)
  await lab.clock.advance(1000)
  lab.bucket.refuse(0)
  await lab.clock.advance(HOUR_MS)
  const { gone } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual([gone?.records, gone?.uncounted], [2, true])
})

test('what a stream held whose name has gone to another one meanwhile is named as well', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...slow })
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  for (let count = 0; count < 2; count++) {
    await lab.stream.put('0', 'x'.repeat(2 ** 20))
    await lab.clock.advance(1000)
  }
  await lab.stream.put('0', 'unread')
  await lab.clock.advance(1000)
  await lab.engine.logs.dropGroup(GROUP)
  lab.stream.replace()
  await lab.stream.ready()
  await lab.clock.advance(1000)
  lab.bucket.refuse(0)
  await lab.clock.advance(HOUR_MS)
  const { gone } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual([gone?.records, gone?.uncounted], [2, true])
})

test('a stream that was read to its end leaves nothing to be named when it is deleted', async () => {
  const lab = await createLab()
  lab.stream.open('0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...slow })
  await lab.stream.put('0', 'one')
  await lab.clock.advance(HOUR_MS)
  await lab.engine.logs.dropGroup(GROUP)
  await lab.clock.advance(HOUR_MS)
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).gone, undefined)
})
