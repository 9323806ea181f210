import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cbor } from '@smithy/core/cbor'
import fc from 'fast-check'
import { integer, structure, timestamp } from '../../src/service/shape.ts'
import { cborFormat, decodeCbor } from '../../src/wire/codec/cbor-format.ts'

const of = (hex: string) => decodeCbor(Buffer.from(hex, 'hex'))

test('what a client writes is read', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('value'), { maxLength: 30 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 30 }),
    ),
  }))
  fc.assert(
    fc.property(value, (given) => {
      assert.deepEqual(decodeCbor(cbor.serialize(given)), JSON.parse(JSON.stringify(given)))
    }),
  )
})

for (const [hex, expected] of [
  ['1bffffffffffffffff', 18446744073709551615n],
  ['1b0020000000000000', 9007199254740992n],
  ['3bffffffffffffffff', -18446744073709551616n],
  ['c249010000000000000000', 18446744073709551616n],
  ['c349010000000000000000', -18446744073709551617n],
  ['f90001', 2 ** -24],
  ['f9c400', -4],
  ['f97c00', Infinity],
  ['fa47c35000', 100_000],
  ['9f018202039fff04ff', [1, [2, 3], [], 4]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['5f42010243030405ff', Buffer.from([1, 2, 3, 4, 5])],
  ['a2616101616102', { a: 2 }],
  ['d9d9f701', 1],
  ['f7', null],
] as const)
  test(`${hex} is ${String(expected)}`, () => assert.deepEqual(of(hex), expected))

for (const [what, hex] of [
  ['nothing', ''],
  ['a text that is cut', '6361'],
  ['a list longer than the body', '9affffffff'],
  ['a list of 2^64', '9bffffffffffffffff'],
  ['a list without its end', '9f01'],
  ['an end that ends nothing', 'ff'],
  ['a key that is a number', 'a10102'],
  ['pieces of another kind', '7f4161ff'],
  ['pieces in pieces', '7f7f6161ffff'],
  ['a reserved length', '1c'],
  ['a bignum that is a text', 'c26161'],
  ['a million lists in lists', '81'.repeat(1_000_000)],
  ['a million tags of tags', 'c1'.repeat(1_000_000)],
] as const)
  test(`${what} is not well-formed`, () => assert.throws(() => of(hex), SyntaxError))

test('a key named __proto__ is a key, and no tag is told from a map by its looks', () => {
  const read = of('a1695f5f70726f746f5f5f01') as object
  assert.deepEqual(Object.keys(read), ['__proto__'])
  assert.equal(Object.getPrototypeOf(read), Object.prototype)
  const decode = cborFormat.decoderOf(structure({ At: timestamp() }))
  assert.throws(() => decode(of('a1624174a263746167016576616c756505')), { code: 'SerializationException' })
  assert.deepEqual(decode(of('a1624174c105')), { At: 5 })
})

test('numbers beyond any are the largest, as JSON has it; what is no number is refused', (t) => {
  const warned = t.mock.method(console, 'warn')
  const decode = cborFormat.decoderOf(structure({ Limit: integer(), At: timestamp() }))
  const limit = (hex: string) => decode(of(`a1654c696d6974${hex}`))
  assert.deepEqual(limit('1bffffffffffffffff'), { Limit: 2 ** 31 - 1 })
  assert.deepEqual(limit('3bffffffffffffffff'), { Limit: -(2 ** 31) })
  assert.deepEqual(limit('f97c00'), { Limit: 2 ** 31 - 1 })
  assert.throws(() => limit('f97e00'), { code: 'SerializationException' })
  assert.deepEqual(decode(of('a1624174c11bffffffffffffffff')), { At: 8.64e15 })
  assert.throws(() => decode(of('a1624174c1f97e00')), { code: 'SerializationException' })
  assert.equal(warned.mock.callCount(), 0)
})
