import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import {
  decodeDocument,
  encodeDocument,
  encodedAs,
  isSound,
  payloadCrcOf,
  seal,
} from '../../src/engine/embedded/metadata/document-bytes.ts'

const value = fc.anything({
  withNullPrototype: false,
  values: [
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array(),
  ],
})

/** Bytes alone come back as a Buffer. */
const asRead = (written: unknown) => (written instanceof Uint8Array ? Buffer.from(written) : written)

test('a document is read as it was written, whatever is in it', () => {
  fc.assert(
    fc.property(value, (written) =>
      assert.deepEqual(decodeDocument(encodeDocument(written)), asRead(written)),
    ),
  )
})

test('what an earlier Standpipe wrote is read as soon as it is checked', () => {
  const written = { name: 'lake', tags: [], bytes: Uint8Array.of(1, 2) }
  assert.deepEqual(decodeDocument(encodedAs(serialize(written))), written)
  assert.deepEqual(decodeDocument(encodedAs(serialize(Uint8Array.of(255, 0)))), Uint8Array.of(255, 0))
})

test('a bit that is flipped anywhere, another key and another revision are noticed', () => {
  const key = Buffer.from('stream/a')
  const bytes = encodeDocument({ name: 'a' })
  seal(bytes, payloadCrcOf(bytes), key, 7)
  assert.equal(isSound(bytes, key, 7), true)
  assert.equal(isSound(bytes, Buffer.from('stream/b'), 7), false)
  assert.equal(isSound(bytes, key, 8), false)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(isSound(flipped, key, 7), false, `bit ${bit}`)
  }
  for (let length = 0; length < bytes.length; length++)
    assert.equal(isSound(bytes.subarray(0, length), key, 7), false)
})

test('what was read stays as it was when its buffer is reused', () => {
  for (const written of [Uint8Array.of(1, 2), { bytes: Uint8Array.of(3) }, { text: 'x' }]) {
    const buffer = encodeDocument(written)
    const read = decodeDocument(buffer)
    buffer.fill(0)
    assert.deepEqual(read, decodeDocument(encodeDocument(written)))
  }
})
