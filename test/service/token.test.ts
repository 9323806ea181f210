import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { integer, list, oneOf, required, string, structure, timestamp } from '../../src/service/shape.ts'
import { asItIs, textInBase64Url, tokenOf } from '../../src/service/token.ts'

const place = structure({
  list: required(oneOf('shards')),
  at: required(timestamp()),
  state: required(structure({ name: required(string({ min: 1, max: 9 })), count: integer({ min: 0 }) })),
})
const token = tokenOf(place)
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

test('what was written is read', () => {
  const name = fc.string({ minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(name, fc.nat(), fc.nat(), (text, count, at) => {
      const value = { list: 'shards', at, state: { name: text.toWellFormed(), count } } as const
      assert.deepEqual(token.parse(token.format(value)), value)
    }),
  )
})

const good = { list: 'shards', at: 5, state: { name: 'a', count: 1 } }
for (const [what, text] of [
  ['nothing', ''],
  ['no base64', '!'],
  ['no JSON', Buffer.from('{').toString('base64')],
  ['null', base64(null)],
  ['a list', base64(['shards', 5, null])],
  ['a state that is null', base64({ ...good, state: null })],
  ['another list', base64({ ...good, list: 'streams' })],
  ['a member too few', base64({ list: 'shards', at: 5 })],
  ['a member too many', base64({ ...good, more: 1 })],
  ['a member of its prototype', base64({ ...good, toString: 1 })],
  ['a number that is a text', base64({ ...good, at: '5' })],
  ['a time that is no date', base64({ ...good, at: 9e15 })],
  ['no whole number', base64({ ...good, state: { name: 'a', count: 0.5 } })],
  ['a text that is too long', base64({ ...good, state: { name: 'a'.repeat(10) } })],
  ['a space behind it', `${base64(good)} `],
] as const)
  test(`a token of ${what} is refused`, () => assert.equal(token.parse(text), undefined))

test('whatever is sent, what is read has the form', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => token.parse(text) === undefined))
  fc.assert(fc.property(fc.json(), (json) => token.parse(Buffer.from(json).toString('base64')) === undefined))
})

test('a token may be a text as it is, or one that is fit for an address', () => {
  const id = tokenOf(string({ pattern: '[0-9a-f]{4}' }), asItIs)
  assert.equal(id.parse('00af'), '00af')
  assert.equal(id.parse('00AF'), undefined)
  const key = tokenOf(string({ min: 1 }), textInBase64Url)
  assert.equal(key.parse(key.format('a/ü?')), 'a/ü?')
  assert.equal(key.parse(''), undefined)
  assert.equal(key.parse('+/=='), undefined)
  const numbers = tokenOf(list(integer()), {
    write: (values: readonly number[]) => values.join('.'),
    read: (text) => text.split('.').map(Number),
  })
  assert.deepEqual(numbers.parse('1.2'), [1, 2])
  for (const text of ['1.x', '1.', '01', '1.5e400', '9007199254740993'])
    assert.equal(numbers.parse(text), undefined, text)
})
