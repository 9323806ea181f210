import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatPattern, parsePattern } from '../../src/firehose/prefixes/timestamp-pattern.ts'
import { zonedTimeAt } from '../../src/firehose/prefixes/zoned-time.ts'

/** What JDK 17 printed for 2026-07-03T09:05:07.123456789 in Tokyo: pattern, Locale.ROOT, Locale.US. */
const [header = '', ...rows] = readFileSync(new URL('timestamp-patterns.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
const golden = {
  ...zonedTimeAt(Date.parse('2026-07-03T09:05:07.123+09:00'), 'Asia/Tokyo'),
  nano: 123_456_789,
}

test("every pattern of java.time's golden table prints as Java prints it", () => {
  assert.ok(rows.length > 60)
  for (const row of rows) {
    const [pattern = '', , expected = ''] = row.split('\t')
    if (expected.startsWith('ERR')) assert.equal(parsePattern(pattern), undefined, pattern)
    else assert.equal(formatPattern(pattern, golden), expected, pattern)
  }
})

test('of all letters exactly those are refused that AWS refuses', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('')
  const refused = letters.filter((letter) => parsePattern(letter) === undefined)
  assert.equal(refused.join(' '), header.replace('java17 rejects: ', '').trim())
})

test('quotes, brackets and reserved characters are read as java.time reads them', () => {
  assert.equal(formatPattern("'at 'HH''mm", golden), "at 09'05")
  assert.equal(formatPattern("'it''s'", golden), "it's")
  for (const wrong of ["'open", 'yyyy]', 'a{b', 'a#', 'ddd', 'HHH', 'SSSSSSSSSS', 'VVV'])
    assert.equal(parsePattern(wrong), undefined, wrong)
})

test('the time zone decides the hour, the day and the offset', () => {
  const winter = Date.parse('2026-01-01T02:30:00Z')
  assert.equal(
    formatPattern('yyyy/MM/dd/HH xxx', zonedTimeAt(winter, 'America/New_York')),
    '2025/12/31/21 -05:00',
  )
  assert.equal(formatPattern('HH:mm XXX z', zonedTimeAt(winter, 'Asia/Calcutta')), '08:00 +05:30 IST')
  assert.equal(formatPattern('HH XXX xxx z', zonedTimeAt(winter, 'UTC')), '02 Z +00:00 UTC')
  assert.equal(
    formatPattern('z zzzz', zonedTimeAt(winter, 'Europe/Berlin')),
    'CET Central European Standard Time',
  )
})

test('the last days of a year may belong to the first week of the next', () => {
  assert.equal(formatPattern('YYYY w', zonedTimeAt(Date.parse('2025-12-28T00:00:00Z'), 'UTC')), '2026 1')
  assert.equal(formatPattern('YYYY w', zonedTimeAt(Date.parse('2025-12-27T00:00:00Z'), 'UTC')), '2025 52')
  assert.equal(formatPattern('YYYY w W', zonedTimeAt(Date.parse('2026-01-04T00:00:00Z'), 'UTC')), '2026 2 2')
})

test('the ISO pattern prints what the machine prints for any moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
      const printed = formatPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", zonedTimeAt(time, 'UTC'))
      assert.equal(printed, new Date(time).toISOString())
    }),
  )
})
