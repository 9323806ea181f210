import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceException } from '../../src/service/exception.ts'
import {
  blob,
  integer,
  list,
  map,
  oneOf,
  required,
  type StructureShape,
  string,
  structure,
  waivable,
} from '../../src/service/shape.ts'
import { validate, validateUnwaived } from '../../src/service/validation/validate.ts'

function messageOf(shape: StructureShape, value: unknown): string | undefined {
  try {
    validate(shape, value)
    return undefined
  } catch (error) {
    assert.ok(error instanceof ServiceException)
    assert.equal(error.code, 'ValidationException')
    return error.message
  }
}
const name = string({ min: 1, max: 5, pattern: '[a-z]+' })

const cases: [string, StructureShape, unknown, string | undefined][] = [
  ['nothing is broken', structure({ Name: required(name) }), { Name: 'abc' }, undefined],
  [
    'a required member is missing',
    structure({ StreamName: required(name) }),
    {},
    "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
  ],
  ['an optional member is missing', structure({ StreamName: name }), {}, undefined],
  [
    'two constraints of one member are broken',
    structure({ StreamName: name }),
    { StreamName: 'ABCDEF' },
    "2 validation errors detected: Value 'ABCDEF' at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 5; Value 'ABCDEF' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
  ],
  [
    'a blob in a list prints as Java prints it, and list members count from 1',
    structure({ Records: list(structure({ Data: required(blob({ max: 3 })) })) }),
    { Records: [{ Data: new Uint8Array(3) }, { Data: new Uint8Array(4) }] },
    "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=4 cap=4]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 3",
  ],
  [
    'an enum inside a structure is named without its value',
    structure({ Configuration: structure({ Format: oneOf('ZIP', 'GZIP') }) }),
    { Configuration: { Format: 'RAR' } },
    "1 validation error detected: Value at 'configuration.format' failed to satisfy constraint: Member must satisfy enum value set: [ZIP, GZIP]",
  ],
  [
    'NaN breaks both bounds, the upper first',
    structure({ Limit: integer({ min: 1, max: 9 }) }),
    { Limit: Number.NaN },
    "2 validation errors detected: Value 'NaN' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 9; Value 'NaN' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    'a list that is too long prints its members',
    structure({ Keys: list(string(), { max: 1 }) }),
    { Keys: ['a', 'b'] },
    "1 validation error detected: Value '[a, b]' at 'keys' failed to satisfy constraint: Member must have length less than or equal to 1",
  ],
  [
    'what a list holds has one constraint of its own',
    structure({ Keys: list(name) }),
    { Keys: ['a', 'ABCDEF'] },
    "1 validation error detected: Value '[a, ABCDEF]' at 'keys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 5, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [a-z]+]",
  ],
  [
    'an enum in a list',
    structure({ Metrics: list(oneOf('A', 'B')) }),
    { Metrics: ['C'] },
    "1 validation error detected: Value '[C]' at 'metrics' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [A, B]]",
  ],
  [
    'nothing in a list is a constraint, too',
    structure({ Records: list(structure({ Data: blob() })), Keys: list(string()) }),
    { Records: [{}, null], Keys: ['a', 'b'] },
    "1 validation error detected: Value '[{}, null]' at 'records' failed to satisfy constraint: Member must satisfy constraint: [Member must not be null]",
  ],
  [
    'what a map holds has one constraint of its own',
    structure({ Tags: map(string(), string({ min: 0, max: 2 })) }),
    { Tags: { a: 'x', b: 'xyz' } },
    "1 validation error detected: Value '{a=x, b=xyz}' at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 2, Member must have length greater than or equal to 0]",
  ],
  [
    'the keys of a map have one constraint of their own',
    structure({ Tags: map(string({ min: 1, max: 2 }), string()) }),
    { Tags: { abc: 'x' } },
    "1 validation error detected: Value '{abc=x}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 2, Member must have length greater than or equal to 1]",
  ],
]

for (const [title, shape, value, expected] of cases) {
  test(`validation: ${title}`, () => assert.equal(messageOf(shape, value), expected))
}

test('length counts characters, not UTF-16 units', () => {
  assert.equal(messageOf(structure({ Key: string({ max: 2 }) }), { Key: '😀😀' }), undefined)
})

test('at most ten broken constraints are looked for', () => {
  const members = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`Member${index}`, required(name)]),
  )
  const message = messageOf(structure(members), {})
  assert.match(message ?? '', /^10 validation errors detected: /)
  assert.equal(message?.split('; ').length, 10)
})

const NULL = 'failed to satisfy constraint: Member must not be null'
const putting = structure({ Records: list(structure({ Key: waivable(string({ min: 1 })) }), { max: 500 }) })
const keysOf = (...keys: (string | undefined)[]) => ({ Records: keys.map((Key) => ({ Key })) })

test('what may be waived is named only beside what is broken, and nothing of either vanishes', () => {
  assert.equal(messageOf(putting, keysOf('a', undefined)), undefined)
  assert.equal(
    messageOf(putting, keysOf(undefined, '', undefined)),
    `3 validation errors detected: Value null at 'records.1.member.key' ${NULL}; ` +
      "Value '' at 'records.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
      `Value null at 'records.3.member.key' ${NULL}`,
  )
  // What is broken is found behind any number of those.
  const many = messageOf(putting, keysOf(...new Array(20).fill(undefined), '')) ?? ''
  assert.equal(many.split('; ').length, 10)
  assert.ok(many.startsWith('10 validation errors detected: '))
  assert.throws(() => validateUnwaived(putting, keysOf('a', undefined)), {
    message: `1 validation error detected: Value null at 'records.2.member.key' ${NULL}`,
  })
})

test('a value is repeated as far as the answer stays small', () => {
  const message = messageOf(putting, keysOf(...new Array(501).fill('k'.repeat(256)))) ?? ''
  assert.ok(message.length < 1_200, String(message.length))
  assert.match(
    message,
    /^1 validation error detected: Value '\[\{Key=k.*\.\.\.' at 'records' .* less than or equal to 500$/,
  )
  const name129 = 'a'.repeat(1_024)
  assert.ok(messageOf(structure({ Name: string({ max: 5 }) }), { Name: name129 })?.includes(`'${name129}'`))
})

test('a maximum that is in no model is one all the same', () => {
  const shape = structure({ Count: integer({ min: 1, privateMax: 100 }) })
  assert.equal(messageOf(shape, { Count: 100 }), undefined)
  assert.equal(
    messageOf(shape, { Count: 101 }),
    "1 validation error detected: Value '101' at 'count' failed to satisfy constraint: Member must have value less than or equal to 100",
  )
})
