import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACCOUNT,
  BUCKET,
  createActive,
  createLab,
  destination,
  fromStream,
  NAME,
  REGION,
  rest,
  STREAM_ARN,
  textOf,
} from './firehose-lab.ts'

const MiB = 2 ** 20
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

test('records put one by one become one object when the default interval ends', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  for (const text of ['abc', 'def', 'ghi']) await lab.put(text)
  await lab.clock.advance(299_999)
  assert.deepEqual(lab.bucket.list(), [])
  await lab.clock.advance(1)
  const [object, ...others] = lab.bucket.list()
  assert.equal(others.length, 0)
  assert.equal(textOf(object!), 'abcdefghi')
  assert.match(object!.key, new RegExp(`^2026/07/03/09/${NAME}-1-2026-07-03-09-05-08-${UUID}$`))
  await lab.clock.advance(3_600_000)
  assert.equal(lab.bucket.list().length, 1, 'nothing is written for an empty buffer')
  assert.deepEqual(lab.errors, [])
})

test('the interval begins with the first record in the buffer, not with the delivery before', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  await lab.put('first')
  await lab.clock.advance(400_000)
  await lab.put('second')
  await lab.clock.advance(299_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['first'])
  await lab.clock.advance(1000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['first', 'second'])
})

test('five mebibytes of data are delivered at once, counted before compression', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ CompressionFormat: 'GZIP' }))
  const Data = Buffer.alloc(1_000_000, 'x')
  for (let count = 0; count < 6; count++)
    await lab.call('PutRecord', { DeliveryStreamName: NAME, Record: { Data } })
  await lab.clock.advance(0)
  const [object, ...others] = lab.bucket.list()
  assert.equal(others.length, 0)
  assert.ok(object!.key.endsWith('.gz'))
  assert.ok(object!.body.length < MiB)
  assert.equal(textOf(object!).length, 6_000_000)
  const { lastDeliveries, buffered } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(lastDeliveries[0]?.reason, 'size')
  assert.equal(buffered.records, 0)
})

test('without moving the clock a full buffer is delivered by the records themselves', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 } }))
  await lab.put('y'.repeat(1_000_000))
  await lab.put('y'.repeat(100_000))
  await rest()
  assert.equal(lab.bucket.list().length, 1)
})

test('an interval of 0 seconds delivers at once', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } }))
  await lab.put('now')
  await rest()
  assert.deepEqual(lab.bucket.list().map(textOf), ['now'])
})

test('a Kinesis stream is read from the moment of creation, and each delivery stream keeps its own place', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  lab.stream.open('shard-1')
  await lab.stream.put('shard-0', 'before ')
  await lab.boot()
  await createActive(lab, { ...fromStream, ...destination() })
  const other = { ...fromStream, ...destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }) }
  await lab.stream.put('shard-0', 'a')
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: 'other', ...other })
  await lab.stream.put('shard-1', 'b')
  await lab.stream.put('shard-0', 'c')
  await lab.clock.advance(60_000)
  assert.deepEqual(lab.bucket.list().map(textOf).sort(), ['cb'])
  await lab.clock.advance(240_000)
  assert.deepEqual(lab.bucket.list().map(textOf).sort(), ['acb', 'cb'])
})

test('children are read after their parents, over a split and a merge', async () => {
  const lab = await createLab()
  lab.stream.open('0-parent')
  await lab.boot()
  await createActive(lab, { ...fromStream, ...destination() })
  await lab.stream.put('0-parent', '1')
  lab.stream.open('1-left', '0-parent')
  lab.stream.open('2-right', '0-parent')
  await lab.stream.close('0-parent')
  await lab.stream.put('1-left', '2')
  await lab.stream.put('2-right', '3')
  lab.stream.open('3-merged', '1-left', '2-right')
  await lab.stream.close('1-left')
  await lab.stream.close('2-right')
  await lab.stream.put('3-merged', '4')
  await lab.clock.advance(300_000)
  await lab.stream.put('3-merged', '5')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['1234', '5'])
})

test('a destination that fails is tried again without losing order and without holding up others', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab)
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: 'other', ...destination() })
  await lab.clock.advance(1000)
  await lab.put('one ')
  lab.bucket.refuse(4)
  await assert.rejects(delivery.deliverNow(ACCOUNT, REGION, NAME), {
    code: 'DeliveryFailed',
    message: /The specified bucket does not exist/,
  })
  await lab.put('two ')
  const failing = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(failing.lastError?.code, 'S3.NoSuchBucket')
  assert.equal(failing.sealed?.records, 1)
  lab.bucket.refuse(0)
  await lab.call('PutRecord', { DeliveryStreamName: 'other', Record: { Data: Buffer.from('other') } })
  await delivery.deliverNow(ACCOUNT, REGION, 'other')
  assert.deepEqual(lab.bucket.list().map(textOf), ['other'])
  lab.bucket.refuse(3)
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['other', 'one ', 'two '])
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).failures, 0)
})

test('the gauge shows what waits, which hint fires first, and what was delivered', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab)
  const empty = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual(empty.buffered, { records: 0, bytes: 0 })
  assert.equal(empty.dueAt, undefined)
  await lab.put('abc')
  const at = lab.clock.now()
  await lab.clock.advance(10_000)
  const gauge = await delivery.status(ACCOUNT, REGION, NAME)
  assert.deepEqual(gauge.buffered, { records: 1, bytes: 3 })
  assert.deepEqual(gauge.hints, { sizeBytes: 5 * MiB, intervalMs: 300_000 })
  assert.equal(gauge.dueAt, at + 300_000)
  assert.equal(gauge.firesFirst, 'interval')
  const { objects } = await delivery.deliverNow(ACCOUNT, REGION, NAME)
  const [object] = lab.bucket.list()
  assert.deepEqual(objects, [{ bucket: BUCKET, key: object!.key, records: 1, bytes: 3 }])
  const [last] = (await delivery.status(ACCOUNT, REGION, NAME)).lastDeliveries
  assert.equal(last?.reason, 'flush')
  assert.deepEqual(await delivery.deliverNow(ACCOUNT, REGION, NAME), { objects: [] })
})

test('a record is found in the buffer, and then in its object', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  const delivery = await lab.boot()
  await createActive(lab)
  await lab.call('CreateDeliveryStream', {
    DeliveryStreamName: 'from-stream',
    ...fromStream,
    ...destination(),
  })
  await lab.clock.advance(1000)
  const recordId = await lab.put('abc')
  const at = lab.clock.now()
  const position = await lab.stream.put('shard-0', 'def')
  const place = { streamArn: STREAM_ARN, group: 'kinesis/clicks', log: 'shard-0', position }
  await lab.clock.advance(1)
  const waiting = { state: 'buffered', dueAt: at + 300_000 }
  assert.deepEqual(await delivery.landed({ recordId }), [{ deliveryStream: NAME, ...waiting }])
  assert.deepEqual(await delivery.landed(place), [{ deliveryStream: 'from-stream', ...waiting }])
  await lab.clock.advance(300_000)
  for (const [asked, text] of [
    [{ recordId }, 'abc'],
    [place, 'def'],
  ] as const) {
    const [landed] = await delivery.landed(asked)
    assert.equal(landed?.state, 'delivered')
    const object = lab.bucket.list().find(({ key }) => 'key' in landed! && key === landed.key)
    assert.equal(textOf(object!), text)
  }
  assert.deepEqual(await delivery.landed({ recordId: 'unheard of' }), [])
})

test('deleting discards what was not delivered and leaves nothing behind', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  await lab.put('delivered')
  await lab.clock.advance(300_000)
  await lab.put('discarded')
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(600_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['delivered'])
  assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/' }), [])
  await assert.rejects(lab.call('DescribeDeliveryStream', { DeliveryStreamName: NAME }), {
    message: `Firehose ${NAME} under account ${ACCOUNT} not found.`,
  })
})

test('a deletion that a stop interrupted is finished at the next start, even under the name of a new one', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab)
  await lab.put('discarded')
  await delivery.close()
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(1000)
  await createActive(lab)
  const [left] = await lab.engine.metadata.list<{ id: string }>({ prefix: 'firehose/remains/' })
  assert.ok(left)
  await lab.boot()
  assert.deepEqual(await lab.engine.metadata.list({ prefix: 'firehose/remains/' }), [])
  await lab.put('kept')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['kept'])
})

test('records that leave the log before they are delivered are reported as lost, never put in part', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  const delivery = await lab.boot()
  await createActive(lab, { ...fromStream, ...destination() })
  await lab.stream.put('shard-0', 'gone')
  await lab.clock.advance(1)
  await lab.engine.logs.dropGroup('kinesis/clicks')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list(), [])
  const [last] = (await delivery.status(ACCOUNT, REGION, NAME)).lastDeliveries
  assert.equal(last?.outcome.status, 'lost')
  assert.deepEqual(lab.errors, [])
})

test('of a thousand deliveries and more, the newest thousand are remembered, with their lineage', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } }))
  const recordIds: string[] = []
  for (let count = 0; count < 1003; count++) {
    recordIds.push(await lab.put('x'))
    await lab.clock.advance(1)
  }
  assert.equal(lab.bucket.list().length, 1003)
  for (const kind of ['delivered', 'lineage', 'object'])
    assert.equal((await lab.engine.metadata.list({ prefix: `firehose/${kind}/` })).length, 1000, kind)
  const stateOf = async (recordId = '') => (await delivery.landed({ recordId }))[0]?.state
  assert.equal(await stateOf(recordIds[2]), 'unknown')
  assert.equal(await stateOf(recordIds[3]), 'delivered')
})
