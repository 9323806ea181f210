import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lostAt, outlookText, roughly, warnAt } from '../../src/delivery/backlog/outlook.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.parse('2026-07-03T12:00:00Z')

test('the warning begins a quarter of the retention before the loss, and six hours before at the least', () => {
  const cases = [DAY, 25 * HOUR, 2 * DAY, 7 * DAY, 365 * DAY]
  assert.deepEqual(
    cases.map((retentionMs) => {
      const outlook = { oldestArrival: NOW, retentionMs }
      return (lostAt(outlook) - warnAt(outlook)) / HOUR
    }),
    [6, 6.25, 12, 42, 365 * 6],
  )
})

test('what is said of it stays the same for an hour, and is never more than there is', () => {
  const texts = [0, 1, HOUR - 1, HOUR, 2 * HOUR - 1, 5.9 * HOUR, 48 * HOUR, 50 * HOUR, 365 * DAY].map(roughly)
  assert.deepEqual(texts, [
    ...['less than an hour', 'less than an hour', 'less than an hour', 'an hour', 'an hour'],
    ...['5 hours', '48 hours', '2 days', '365 days'],
  ])
})

test('it says when, why, and what to do', () => {
  const outlook = { oldestArrival: NOW - 19 * HOUR, retentionMs: DAY }
  const standstill = {
    since: NOW - 18 * HOUR,
    error: { code: 'S3.NoSuchBucket', message: 'It is not there' },
  }
  assert.equal(
    outlookText(outlook, standstill, NOW),
    "the first record would be lost in about 5 hours (the stream's retention is 24 hours; the destination has failed " +
      'since 2026-07-02T18:00:00.000Z: S3.NoSuchBucket, It is not there): a longer retention keeps them',
  )
  assert.match(outlookText(outlook, undefined, NOW), /not read, or not fast enough/)
  assert.match(
    outlookText(outlook, standstill, NOW + DAY),
    /^records are being lost that nobody has delivered/,
  )
})
