import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBuffer, dueAt, firesFirst, reasonAt } from '../../src/delivery/line/buffer.ts'
import { DIRECT } from '../../src/delivery/progress/outlet.ts'
import { readingOf } from '../../src/delivery/reading/reading.ts'
import { encodeRecord, NO_HASH_KEY } from '../../src/engine/ports/record.ts'

const entriesOf = (sizes: readonly number[], arrivalTime = 1000) =>
  sizes.map((size, index) => ({
    position: index * 3,
    data: encodeRecord({
      arrivalTime,
      hashKey: NO_HASH_KEY,
      partitionKey: 'key',
      data: new Uint8Array(size),
    }),
  }))
const reading = readingOf(DIRECT, false)
const id = { group: 'group', log: 'log' }
const hints = { sizeBytes: 100, intervalMs: 5000 }

test('the record that reaches the size is the last one taken', () => {
  const buffer = createBuffer({ reading })
  assert.equal(buffer.take(id, entriesOf([60, 39, 1, 1]), 100), 3)
  const { ranges, ...totals } = buffer.content()
  assert.deepEqual(ranges, [
    { ...id, from: 0, to: 7, records: 3, bytes: 100, firstArrival: 1000, lastArrival: 1000 },
  ])
  assert.deepEqual(totals, { records: 3, bytes: 100, billedBytes: 3 * 5120, oldestArrival: 1000 })
  assert.equal(buffer.take(id, entriesOf([1]), 100), 0)
  buffer.clear()
  assert.deepEqual(buffer.content().ranges, [])
})

test('the size comes before the interval, and an empty buffer is never due', () => {
  const buffer = createBuffer({ reading })
  assert.equal(reasonAt(buffer.totals(), hints, 1e15), undefined)
  assert.equal(dueAt(buffer.totals(), hints), Number.POSITIVE_INFINITY)
  buffer.take(id, entriesOf([50]), 100)
  assert.equal(reasonAt(buffer.totals(), hints, 5999), undefined)
  assert.equal(reasonAt(buffer.totals(), hints, 6000), 'interval')
  assert.equal(firesFirst(buffer.totals(), hints, 2000), 'size')
  assert.equal(firesFirst(buffer.totals(), hints, 4000), 'interval')
  buffer.take(id, entriesOf([50]), 100)
  assert.equal(reasonAt(buffer.totals(), hints, 6000), 'size')
})

test('however entries are cut into reads, the buffer takes the same ones', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 10 }), (given, step) => {
      const [whole, pieces] = [createBuffer({ reading }), createBuffer({ reading })]
      const entries = entriesOf(given)
      whole.take(id, entries, hints.sizeBytes)
      for (let from = 0; from < entries.length; from += step)
        pieces.take(id, entries.slice(from, from + step), hints.sizeBytes)
      assert.deepEqual(pieces.content(), whole.content())
    }),
  )
})
