import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stumblesOf } from '../../console/screens/lab/stumbles.ts'
import type { DeliveryStreamView, GaugeView, StreamView } from '../../src/api/views.ts'

const streamWith = (records: number, throttled = 0): StreamView => ({
  name: 'clicks',
  arn: 'arn',
  status: 'ACTIVE',
  mode: 'PROVISIONED',
  openShards: 1,
  retentionPeriodHours: 24,
  consumers: 0,
  incoming: { records, bytes: records, throttled },
})
const idle: GaugeView = {
  buffered: { records: 0, bytes: 0 },
  hints: { sizeBytes: 5 * 2 ** 20, intervalMs: 300_000 },
  waiting: { records: 0, bytes: 0 },
  failures: 0,
  sources: [],
  lastDeliveries: [],
}
const archive = (gauge: GaugeView): DeliveryStreamView => ({
  name: 'archive',
  id: 'archive',
  status: 'ACTIVE',
  type: 'KinesisStreamAsSource',
  sourceStream: 'clicks',
  bucket: 'b',
  prefix: '',
  gauge,
})
const titles = (stream: StreamView, gauge: GaugeView) =>
  stumblesOf({ now: 0, streams: [stream], deliveryStreams: [archive(gauge)] }, undefined).map(
    ({ title }) => title,
  )

test('records that were put before the delivery stream was there are the stumble, and only then', () => {
  assert.deepEqual(titles(streamWith(10), idle), [
    'archive has delivered nothing, though clicks took 10 records.',
  ])
  assert.deepEqual(titles(streamWith(0), idle), [])
  const filling = { ...idle, buffered: { records: 3, bytes: 9 }, dueAt: 61_000 }
  assert.deepEqual(titles(streamWith(13), filling), [
    'No object yet? 3 records of archive wait for 01:01 more.',
  ])
})

test('a destination that fails, a shard that is full and an object without newlines are told by name', () => {
  const lastError = { code: 'S3.NoSuchBucket', message: 'The specified bucket does not exist', at: 0 }
  const sealed = { bucket: 'b', key: 'k', records: 1 }
  assert.deepEqual(titles(streamWith(5, 2), { ...idle, sealed, failures: 1, lastError }), [
    '2 records for clicks did not get in: ProvisionedThroughputExceededException.',
    'archive cannot deliver: S3.NoSuchBucket.',
  ])
  const opened = { bucket: 'b', key: 'k' }
  const [stumble] = stumblesOf({ now: 0, streams: [], deliveryStreams: [] }, opened)
  assert.equal(stumble?.step, 'object-opened')
  assert.deepEqual(stumble?.query, opened)
})
