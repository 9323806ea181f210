import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonRunOf, layoutOf } from '../../console/screens/objects/json-run.ts'

const document = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())))

test('documents with nothing between them are recognised and cut apart as they were', () => {
  fc.assert(
    fc.property(fc.array(document, { minLength: 2, maxLength: 8 }), (documents) => {
      const texts = documents.map((one) => JSON.stringify(one))
      assert.deepEqual(jsonRunOf(texts.join('')), { values: texts, touching: true, rest: '' })
      assert.equal(layoutOf(texts.join('')), 'concatenated')
      assert.equal(layoutOf(`${texts.join('\n')}\n`), 'ndjson')
    }),
  )
})

test('the beginning of an object is recognised, wherever it was cut', () => {
  const run = '{"id":1}{"id":2}{"id":3}'
  for (let length = 9; length <= run.length; length++)
    assert.equal(layoutOf(run.slice(0, length), false), 'concatenated', run.slice(0, length))
  assert.equal(layoutOf('{"id":1}\n{"id":2}\n{"i', false), 'ndjson')
})

test('one document over several lines, prose and bytes are none of it', () => {
  assert.equal(layoutOf('{\n  "id": 1\n}\n'), 'text')
  assert.equal(layoutOf('hello {world}{again}'), 'text')
  assert.equal(layoutOf('{not json}{at all}'), 'text')
  assert.equal(layoutOf(''), 'text')
  assert.equal(layoutOf(new TextDecoder().decode(new Uint8Array([80, 75, 3, 4, 255, 254, 0, 1]))), 'binary')
})
