import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contentRangeOf, parseCopyRange, parseRange } from '../../../src/s3/content/range.ts'

test('a range is first-last, first- or -length', () => {
  assert.deepEqual(parseRange('bytes=0-4', 10), { start: 0, end: 5 })
  assert.deepEqual(parseRange('bytes=4-', 10), { start: 4, end: 10 })
  assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 10 })
  assert.deepEqual(parseRange('bytes=5-99', 10), { start: 5, end: 10 })
  assert.deepEqual(parseRange('bytes=-99', 10), { start: 0, end: 10 })
})

test('what is no single range of bytes is as if it were absent', () => {
  for (const header of [
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'items=0-1',
    'bytes=0-1,3-4',
    'bytes=a-b',
  ])
    assert.equal(parseRange(header, 10), undefined, header)
})

test('a range behind the end, or of no bytes, is unsatisfiable', () => {
  for (const header of ['bytes=10-', 'bytes=10-20', 'bytes=-0'])
    assert.equal(parseRange(header, 10), 'unsatisfiable', header)
  assert.equal(parseRange('bytes=0-', 0), 'unsatisfiable')
  assert.equal(parseRange('bytes=-0', 0), 'unsatisfiable')
})

test('the last bytes of an empty object are all of it', () => {
  for (const header of ['bytes=-1', 'bytes=-8388608']) assert.equal(parseRange(header, 0), undefined, header)
})

test('a satisfiable range always lies within the object and is not empty', () => {
  const bound = fc.option(fc.nat(200).map(String), { nil: '' })
  fc.assert(
    fc.property(bound, bound, fc.nat(100), (first, last, size) => {
      const range = parseRange(`bytes=${first}-${last}`, size)
      if (typeof range !== 'object') return
      assert.ok(0 <= range.start && range.start < range.end && range.end <= size)
    }),
  )
})

test('the range of a copy names both ends within the source', () => {
  assert.deepEqual(parseCopyRange('bytes=0-9', 10), { start: 0, end: 10 })
  assert.equal(parseCopyRange('bytes=0-10', 10), 'outside')
  assert.equal(parseCopyRange('bytes=10-20', 10), 'behind')
  assert.equal(parseCopyRange('bytes=5-', 10), 'malformed')
  assert.equal(parseCopyRange('bytes=5-4', 10), 'malformed')
  assert.equal(contentRangeOf({ start: 2, end: 5 }, 10), 'bytes 2-4/10')
})
