import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inAttribute, list, string, structure } from '../../src/service/shape.ts'
import { decodeXml } from '../../src/wire/codec/xml-decode.ts'
import { encodeContent, xmlDocument } from '../../src/wire/codec/xml-encode.ts'

const grant = structure({
  Grantee: structure({ ID: string(), Type: inAttribute('xsi:type', string()) }),
  Names: list(string()),
})

test('an attribute is written with what its prefix stands for, and read back', () => {
  const value = { Grantee: { ID: 'me', Type: 'CanonicalUser' }, Names: ['a'] }
  const content = encodeContent(grant, value)
  assert.equal(
    content,
    '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>me</ID></Grantee><Names><member>a</member></Names>',
  )
  assert.deepEqual(decodeXml(grant, xmlDocument('Grant', content)), value)
})

test('references to control characters, as SDKs send them in keys, are read', () => {
  assert.deepEqual(
    decodeXml(structure({ Key: string() }), '<A><Key>a&#x1;&#31;&#x7F;&#x85;&#x2028;\x7f\u2028</Key></A>'),
    {
      Key: 'a\x01\x1f\x7f\x85\u2028\x7f\u2028',
    },
  )
})

test('an element that comes twice in a place for one is malformed, in a list it is not', () => {
  const shape = structure({ A: string(), B: list(string()), C: list(string(), { flattened: true }) })
  for (const twice of ['<A>1</A><A>1</A>', '<B/><B/>'])
    assert.throws(() => decodeXml(shape, `<R>${twice}</R>`), { code: 'MalformedXML' }, twice)
  assert.deepEqual(decodeXml(shape, '<R><C>1</C><A>1</A><C>2</C></R>'), { A: '1', C: ['1', '2'] })
})

test('any text of characters that XML has is read as it was written', () => {
  const character = fc.oneof(
    fc.integer({ min: 1, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xfffd }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
    fc.integer({ min: 1, max: 0xa0 }),
  )
  const text = fc.array(character, { maxLength: 20 }).map((points) => String.fromCodePoint(...points))
  fc.assert(
    fc.property(text, (Key) => {
      const document = xmlDocument('A', encodeContent(structure({ Key: string() }), { Key }))
      assert.deepEqual(decodeXml(structure({ Key: string() }), document), { Key })
    }),
  )
})
