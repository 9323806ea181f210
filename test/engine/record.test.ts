import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dataBytesOf, decodeRecord, encodeRecord, MAX_FRAME_BYTES } from '../../src/engine/ports/record.ts'

const record = fc.record({
  arrivalTime: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
  hashKey: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  partitionKey: fc.string({ unit: 'binary', maxLength: 256 }),
  data: fc.uint8Array({ maxLength: 2_000 }),
})

test('a record comes out of its frame as it went in', () => {
  fc.assert(
    fc.property(record, (given) => {
      const entry = encodeRecord(given)
      const { arrivalTime, hashKey, partitionKey, data } = decodeRecord(entry)
      assert.deepEqual(
        { arrivalTime, hashKey: Uint8Array.from(hashKey), partitionKey, data: Uint8Array.from(data) },
        { ...given },
      )
      assert.equal(dataBytesOf(entry), given.data.length)
      assert.ok(entry.length - given.data.length <= MAX_FRAME_BYTES)
    }),
  )
})

test('a frame of an unknown version is not read as a record', () => {
  const entry = encodeRecord({
    arrivalTime: 1,
    hashKey: new Uint8Array(16),
    partitionKey: 'a',
    data: new Uint8Array(1),
  })
  entry[0] = 9
  assert.throws(() => decodeRecord(entry), /unknown version 9/)
})
