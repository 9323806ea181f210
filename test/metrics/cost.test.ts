import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receipt, usedBetween } from '../../src/metrics/cost.ts'
import { US_EAST_1 } from '../../src/metrics/prices.ts'

const priceOf = (used: Parameters<typeof receipt>[0]['used'], running = {}) =>
  receipt({ used, running }, US_EAST_1)

test('the lab: one shard for an hour, ten records, one object', () => {
  const { total } = priceOf({
    'kinesis-shard-hours': 1,
    'kinesis-put-payload-units': 10,
    'firehose-ingested-bytes': 10 * 5120,
    'firehose-ingested-bytes-before-rounding': 2000,
    's3-put-requests': 1,
  })
  assert.equal(total.toFixed(4), '0.0150')
})

test('a shard forgotten for thirty days', () => {
  assert.equal(priceOf({ 'kinesis-shard-hours': 30 * 24 }).total.toFixed(2), '10.80')
})

test('a thousand records of 1 KB a second for an hour: most of it is rounding', () => {
  const records = 3_600_000
  const receiptOfHour = priceOf({
    'kinesis-shard-hours': 1,
    'kinesis-put-payload-units': records,
    'firehose-ingested-bytes': records * 5120,
    'firehose-ingested-bytes-before-rounding': records * 1024,
    's3-put-requests': 703,
  })
  assert.equal(receiptOfHour.total.toFixed(3), '0.567')
  assert.equal(receiptOfHour.rounding?.sentGb.toFixed(2), '3.43')
  assert.equal(receiptOfHour.rounding?.billedGb.toFixed(1), '17.2')
  assert.match(receiptOfHour.notes[0] ?? '', /3\.43 GB sent are billed as 17\.2 GB/)
})

test('an on-demand stream for a day: by the hour, and what goes in and out by the gigabyte', () => {
  const gigabyte = 2 ** 30
  const { lines, total, runningPerHour } = priceOf(
    {
      'kinesis-on-demand-stream-hours': 24,
      'kinesis-on-demand-in-bytes': 10 * gigabyte,
      'kinesis-on-demand-out-bytes': 20 * gigabyte,
      'kinesis-on-demand-fan-out-bytes': 5 * gigabyte,
    },
    { 'kinesis-on-demand-stream-hours': 1 },
  )
  assert.deepEqual(
    lines.map(({ label, unit, cost }) => [label, unit, cost.toFixed(2)]),
    [
      ['Kinesis on-demand streams', 'stream-hour', '0.96'],
      ['Kinesis on-demand data in', 'GB', '0.80'],
      ['Kinesis on-demand data out', 'GB', '0.80'],
      ['Kinesis on-demand enhanced fan-out data', 'GB', '0.25'],
    ],
  )
  assert.equal(total.toFixed(2), '2.81')
  assert.equal(runningPerHour, 0.04)
})

test('what is kept is billed by the gigabyte and month of 730 hours', () => {
  const { lines } = priceOf({
    'kinesis-on-demand-extended-retention-byte-hours': 2 ** 30 * 144,
    'kinesis-long-term-retention-byte-hours': 2 ** 30 * 730,
    'kinesis-long-term-retrieval-bytes': 2 ** 30,
  })
  assert.deepEqual(
    lines.map(({ label, quantity, unit, cost }) => [label, quantity.toFixed(3), unit, cost.toFixed(4)]),
    [
      ['Kinesis retention over 7 days', '1.000', 'GB-month', '0.0230'],
      ['Kinesis retrieval after 7 days', '1.000', 'GB', '0.0210'],
      ['Kinesis on-demand retention over 24 h', '0.197', 'GB-month', '0.0197'],
    ],
  )
})

test('what runs is told apart, and what it comes to in a month', () => {
  const { running, runningPerHour, ifLeftRunningForAMonth } = priceOf(
    { 'kinesis-shard-hours': 1 },
    { 'kinesis-shard-hours': 2 },
  )
  assert.deepEqual(
    running.map(({ label, quantity }) => [label, quantity]),
    [['Kinesis shards', 2]],
  )
  assert.equal(runningPerHour, 0.03)
  assert.equal(ifLeftRunningForAMonth.toFixed(3), (0.015 + 0.03 * 730).toFixed(3))
})

test('Firehose gets cheaper by tiers', () => {
  const terabyte = 2 ** 40
  const { lines, total } = priceOf({ 'firehose-ingested-bytes': 600 * terabyte })
  assert.equal(lines.length, 2)
  assert.equal(total.toFixed(2), (500 * 1024 * 0.029 + 100 * 1024 * 0.025).toFixed(2))
})

test('nothing used costs nothing', () => {
  assert.deepEqual(priceOf({}).lines, [])
  assert.equal(priceOf({}).total, 0)
})

test('the use between two readings', () => {
  const before = { 'kinesis-shard-hours': 3, 's3-put-requests': 2 }
  const after = { 'kinesis-shard-hours': 4, 's3-put-requests': 2, 's3-get-requests': 5 }
  assert.deepEqual(usedBetween(before, after), {
    'kinesis-shard-hours': 1,
    's3-put-requests': 0,
    's3-get-requests': 5,
  })
})
