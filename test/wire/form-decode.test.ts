import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { boolean, integer, list, map, string, structure } from '../../src/service/shape.ts'
import { decodeForm } from '../../src/wire/codec/form-decode.ts'

const tag = structure({ Key: string(), Value: string() })
const { members } = structure({
  Name: string(),
  Count: integer(),
  IsNew: boolean(),
  Tags: list(tag),
  Keys: list(string()),
  Inner: structure({ Deep: list(structure({ Name: string() })) }),
  Labels: map(string(), string()),
  Flat: list(string(), { flattened: true }),
})
const decode = (form: string) => decodeForm(members, new URLSearchParams(form))

test('a form holds scalars, lists, structures and maps', () => {
  assert.deepEqual(decode('Name=a+b&Count=3&IsNew=true'), { Name: 'a b', Count: 3, IsNew: true })
  assert.deepEqual(decode('Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b'), {
    Tags: [{ Key: 'a', Value: '1' }, { Key: 'b' }],
  })
  assert.deepEqual(decode('Inner.Deep.member.1.Name=x'), { Inner: { Deep: [{ Name: 'x' }] } })
  assert.deepEqual(
    decode('Labels.entry.1.key=a&Labels.entry.1.value=1&Labels.entry.2.key=b&Labels.entry.2.value=2'),
    { Labels: { a: '1', b: '2' } },
  )
  assert.deepEqual(decode('Flat.1=a&Flat.2=b'), { Flat: ['a', 'b'] })
})

test('members of a list come in the order of their numbers, and an empty list is one', () => {
  assert.deepEqual(decode('Keys.member.10=c&Keys.member.2=b&Keys.member.1=a'), { Keys: ['a', 'b', 'c'] })
  assert.deepEqual(decode('Keys='), { Keys: [] })
  assert.deepEqual(decode(''), {})
})

test('what has no place is passed over, and what is given twice counts once', () => {
  assert.deepEqual(decode('Action=X&Other.member.1=a&Keys.member.x=a&Name=a&Name=b'), { Keys: [], Name: 'a' })
  assert.deepEqual(decode(`${'Inner.'.repeat(40)}Name=x`), {})
})

test('a value that is none of its kind is refused by name', () => {
  const refused = { code: 'MalformedInput' }
  assert.throws(() => decode('Count=x'), { ...refused, message: 'Count is not a valid integer.' })
  assert.throws(() => decode('IsNew=perhaps'), { ...refused, message: 'IsNew is not a valid boolean.' })
  assert.throws(() => decode('Keys.member.2.x=1'), { ...refused, message: 'Keys.2 is not a valid string.' })
  assert.throws(() => decode('Name.member.1=1'), { ...refused, message: 'Name is not a valid string.' })
})

test('any form is read or refused', () => {
  const word = fc.constantFrom('Tags', 'Keys', 'Inner', 'Labels', 'member', 'entry', 'key', '1', '__proto__')
  const name = fc.array(word, { maxLength: 5 }).map((words) => words.join('.'))
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (fields) => {
      try {
        decodeForm(members, new URLSearchParams(fields))
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'MalformedInput')
      }
    }),
  )
})
