import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { objectKeysOf } from '../../src/firehose/destinations/s3/partitioning.ts'
import { jsonDocumentsOf } from '../../src/firehose/processors/record-de-aggregation.ts'

test('the keys of a query are read without running it', () => {
  for (const [query, keys] of [
    ['{a: .x, "b": (.y | strftime("%Y,%m")), c, $d, .e: 1}', ['a', 'b', 'c', 'd', 'e']],
    ['{a: {b: 1, c: [2, 3]}} # {d: 1}', ['a']],
    [' {\n a : .x # , b: 1\n } ', ['a']],
    ['.a', undefined],
    ['{(.a): 1}', undefined],
  ] as const)
    assert.deepEqual(objectKeysOf(query), keys, query)
})

test('JSON documents in a row are cut where they end, whatever they hold', () => {
  const separators = fc.constantFrom('', '\n', ' ', '\r\n\t')
  const documents = fc.array(fc.oneof(fc.object(), fc.array(fc.string())), { minLength: 1 })
  fc.assert(
    fc.property(documents, separators, (values, separator) => {
      const texts = values.map((value) => JSON.stringify(value))
      assert.deepEqual(jsonDocumentsOf(Buffer.from(texts.join(separator)), 500)?.map(String), texts)
    }),
  )
  assert.equal(jsonDocumentsOf(Buffer.from('{"a":1}{"b"'), 500), undefined)
})
