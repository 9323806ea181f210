import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { decodeDocument, encodeDocument } from '../../src/engine/embedded/document-bytes.ts'

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

test('a document that an earlier Standpipe wrote is read', () => {
  const written = { name: 'lake', tags: [], bytes: Uint8Array.of(1, 2) }
  assert.deepEqual(decodeDocument(serialize(written)), written)
  assert.deepEqual(decodeDocument(serialize(Uint8Array.of(255, 0))), Uint8Array.of(255, 0))
})

test('what was read stays as it was when its buffer is reused', () => {
  for (const written of [Uint8Array.of(1, 2), { bytes: Uint8Array.of(3) }, { text: 'x' }]) {
    const buffer = encodeDocument(written)
    const read = decodeDocument(buffer)
    buffer.fill(0)
    assert.deepEqual(read, decodeDocument(encodeDocument(written)))
  }
})
