import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freeze } from '../../src/engine/shared/document-rules.ts'
import { createCounters, createMeters } from '../../src/metrics/create-meters.ts'
import { prometheusText } from '../../src/metrics/prometheus.ts'

const HOUR = 3_600_000
const SHARDS = 'kinesis-shard-hours'

/** Meters on a clock that the test sets. */
function metersAt(start = 0) {
  let time = start
  const meters = createMeters({ clock: { now: () => time } })
  return {
    meters,
    at: (next: number) => {
      time = next
    },
    shardHours: (now = time) => meters.usage(now).used[SHARDS] ?? 0,
  }
}

test('a partial hour is billed as a full one', () => {
  const { meters, at, shardHours } = metersAt()
  meters.run(SHARDS, 'a', 1)
  assert.equal(shardHours(), 1)
  at(HOUR)
  assert.equal(shardHours(), 1)
  at(HOUR + 1)
  assert.equal(shardHours(), 2)
  meters.run(SHARDS, 'a', 0)
  at(100 * HOUR)
  assert.equal(shardHours(), 2)
  assert.deepEqual(meters.usage(100 * HOUR).running, {})
})

test('an hour in which the number changed is billed for the most there was', () => {
  const { meters, at, shardHours } = metersAt()
  meters.run(SHARDS, 'a', 2)
  at(HOUR / 2)
  meters.run(SHARDS, 'a', 5)
  meters.run(SHARDS, 'a', 1)
  assert.equal(shardHours(), 5)
  at(2 * HOUR)
  assert.equal(shardHours(), 6)
  assert.equal(meters.usage(2 * HOUR).running[SHARDS], 1)
})

test('saying the same number again changes nothing, so a restart may', () => {
  const { meters, at, shardHours } = metersAt()
  meters.run(SHARDS, 'a', 1)
  at(HOUR / 2)
  meters.run(SHARDS, 'a', 1)
  assert.equal(shardHours(HOUR), 1)
})

test('however often it is looked at or saved in between, the same hours come out', () => {
  const step = fc.record({ afterMs: fc.nat(3 * HOUR), units: fc.nat(4), restart: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const [plain, watched] = [metersAt(1), metersAt(1)]
      let [time, bound] = [1, 0]
      for (const { afterMs, units, restart } of steps) {
        time += afterMs
        for (const { meters, at } of [plain, watched]) {
          at(time)
          meters.run(SHARDS, 'a', units)
        }
        watched.shardHours()
        if (restart) watched.meters.restore(freeze(JSON.parse(JSON.stringify(watched.meters.snapshot()))))
        bound += 4 * (Math.ceil(afterMs / HOUR) + 2)
      }
      assert.equal(watched.shardHours(), plain.shardHours())
      assert.ok(plain.shardHours() <= bound)
    }),
  )
})

test('what was used adds up, outlives a restart, and is forgotten by a reset', () => {
  const { meters } = metersAt()
  meters.use('s3-put-requests', 2)
  meters.use('s3-put-requests', 3)
  const { meters: next } = metersAt(5)
  next.restore(meters.snapshot())
  assert.deepEqual(next.usage(7), { since: 0, until: 7, used: { 's3-put-requests': 5 }, running: {} })
  next.count('AWS/S3', 'AllRequests', {}, 1)
  next.restore(undefined)
  assert.deepEqual(next.usage(7), { since: 5, until: 7, used: {}, running: {} })
  assert.deepEqual(next.metrics(), [])
})

test('metrics are summed by name and dimensions, and bounded', () => {
  const counters = createCounters(2)
  const streams = ['a', 'b', 'c', 'd', 'a']
  for (const StreamName of streams) counters.add('AWS/Kinesis', 'IncomingRecords', { StreamName }, 10)
  assert.deepEqual(
    counters.all().map(({ dimensions, sum, samples }) => ({ ...dimensions, sum, samples })),
    [
      { StreamName: 'a', sum: 20, samples: 2 },
      { StreamName: 'b', sum: 10, samples: 1 },
      { Others: 'true', sum: 20, samples: 2 },
    ],
  )
})

test('Prometheus reads CloudWatch’s names', () => {
  const counters = createCounters()
  counters.add('AWS/Kinesis', 'PutRecord.Success', { StreamName: 'a"b\\' }, 1)
  counters.add('AWS/Kinesis', 'PutRecord.Success', { StreamName: 'c' }, 0)
  counters.add('AWS/S3', 'AllRequests', {}, 3)
  assert.equal(
    prometheusText(counters.all()),
    [
      "# HELP aws_kinesis_put_record_success CloudWatch's AWS/Kinesis PutRecord.Success",
      '# TYPE aws_kinesis_put_record_success summary',
      'aws_kinesis_put_record_success_sum{stream_name="a\\"b\\\\"} 1',
      'aws_kinesis_put_record_success_count{stream_name="a\\"b\\\\"} 1',
      'aws_kinesis_put_record_success_sum{stream_name="c"} 0',
      'aws_kinesis_put_record_success_count{stream_name="c"} 1',
      "# HELP aws_s3_all_requests CloudWatch's AWS/S3 AllRequests",
      '# TYPE aws_s3_all_requests summary',
      'aws_s3_all_requests_sum 3',
      'aws_s3_all_requests_count 1',
      '',
    ].join('\n'),
  )
})
