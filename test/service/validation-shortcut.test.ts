import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blob, integer, list, map, oneOf, required, string, structure } from '../../src/service/shape.ts'
import { validate, validateUnwaived } from '../../src/service/validation/validate.ts'

const name = string({ min: 1, max: 5, pattern: '[a-z]+' })
const everyKind = structure({
  Name: required(name),
  Text: string({ min: 2, max: 3 }),
  Format: oneOf('ZIP', 'GZIP'),
  Limit: integer({ min: 1, max: 9 }),
  Names: list(name, { min: 1, max: 3 }),
  Tags: map(name, name, { max: 2 }),
  Records: list(structure({ Data: required(blob({ max: 3 })), Key: name }), { min: 1, max: 12 }),
  ByName: map(name, structure({ Limit: required(integer({ min: 1 })) })),
  Inner: structure({ Worded: string({ pattern: '[a-z]', patternWords: 'Say it with letters.' }) }),
})

const mostly = <T>(...[good, ...others]: readonly [T, ...T[]]) =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 12 }, fc.constantFrom(...others))
const text = mostly<string | null>(
  'abc',
  '',
  'a',
  'abcdef',
  'ABC',
  'ab\n',
  '😀',
  '😀😀',
  '😀😀😀😀😀😀',
  null,
)
const anyData = mostly<Uint8Array | undefined | null>(new Uint8Array(3), new Uint8Array(4), undefined, null)
const record = fc.record({ Data: anyData, Key: text })
const anyInput = fc.record(
  {
    Name: text,
    Text: text,
    Format: mostly('ZIP', 'RAR'),
    Limit: mostly(9, Number.NaN, 0, 10),
    Names: fc.array(text, { maxLength: 4 }),
    Tags: fc.dictionary(mostly('a', 'b', 'c', 'D', ''), text, { maxKeys: 3 }),
    Records: fc.array(fc.oneof({ arbitrary: record, weight: 12 }, fc.constant(null)), { maxLength: 13 }),
    ByName: fc.dictionary(mostly('a', 'b', 'C'), fc.record({ Limit: mostly<number | null>(1, 0, null) })),
    Inner: fc.record({ Worded: mostly('a', 'A') }, { requiredKeys: [] }),
  },
  { requiredKeys: ['Name'] },
)

const saidBy = (check: typeof validate, value: unknown): string | undefined => {
  try {
    check(everyKind, value)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

test('what is found right at once is what nothing is said of when all of it is looked at', () => {
  const seen = { right: 0, wrong: 0 }
  fc.assert(
    fc.property(anyInput, (value) => {
      const said = saidBy(validateUnwaived, value)
      assert.equal(saidBy(validate, value), said)
      seen[said === undefined ? 'right' : 'wrong']++
    }),
    { numRuns: 2_000 },
  )
  assert.ok(Math.min(seen.right, seen.wrong) > 100, JSON.stringify(seen))
})
