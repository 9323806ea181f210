import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  DEFAULT_KEY_TEMPLATE,
  flawOfTemplate,
  outputKeyOf,
} from '../../../src/kinesis/channels/output-key-template.ts'

const values = {
  channelName: 'my-channel',
  channelId: 'abc123def456',
  streamName: 'my-stream',
  time: Date.UTC(2026, 6, 20, 14, 30, 59),
  extension: '.gz',
}
const flawOf = (template: string, isCompressed = true) =>
  flawOfTemplate(template, { ...values, isCompressed })
const id = '01234567-89ab-cdef-0123-456789abcdef'

test("AWS's examples of templates are judged as AWS judges them", () => {
  for (const template of [
    DEFAULT_KEY_TEMPLATE,
    '!{channel-name}/!{yyyy}/!{MM}/!{dd}/!{HH}/records!{extension}',
    'data/stream=!{stream-name}/!{yyyy}-!{MM}-!{dd}/!{HH}!{mm}!{extension:.json}',
    "a!b-_'.*()/=!{extension:.json.gz}",
  ])
    assert.equal(flawOf(template), undefined, template)
  assert.equal(flawOf('!{channel-name}/!{channel-id}', false), undefined)
  for (const template of [
    '/data/!{channel-name}!{extension}',
    'data/../!{channel-name}!{extension}',
    'data/./!{channel-name}!{extension}',
    'data//!{channel-name}!{extension}',
    '!{channel-name}!{extension}/!{yyyy}',
    '!{extension}!{extension}',
    'data/!{partition-id}!{extension}',
    'data/!{constructor}!{extension}',
    'data/!{channel-name}',
    'data/!{channel-name}/!{yyyy!{extension}',
    'data/yyyy}!{extension}',
    'a:b!{extension}',
    '!{extension:.JSON}',
    '!{extension:json}',
    `${'!{channel-name}'.repeat(99)}!{extension}`,
  ])
    assert.equal(typeof flawOf(template), 'string', template)
})

test('every variable stands for its value, and each key has a suffix of its own before the extension', () => {
  assert.equal(
    outputKeyOf(DEFAULT_KEY_TEMPLATE, values, id),
    `kinesis-channel/my-channel/abc123def456/2026/07/20/14/my-channel-abc123def456-2026-07-20-14-30-${id}.gz`,
  )
  assert.equal(outputKeyOf('!{stream-name}-!{yy}!{mm}', values, id), `my-stream-2630-${id}`)
  assert.equal(outputKeyOf('x!{extension:.json.gz}', values, id), `x-${id}.json.gz`)
  assert.equal(outputKeyOf('x!{extension}', { ...values, extension: '' }, id), `x-${id}`)
})

test('a template that is accepted makes a key that S3 takes', () => {
  const piece = fc.constantFrom(
    '!{yyyy}',
    '!{HH}',
    '!{channel-name}',
    '!{',
    '}',
    '/',
    '.',
    'a',
    '=',
    ':',
    '!',
  )
  const template = fc
    .tuple(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('', '!{extension}', '!{extension:.x}'),
    )
    .map(([pieces, extension]) => pieces.join('') + extension)
  const property = fc.property(template, fc.boolean(), (text, isCompressed) => {
    if (flawOf(text, isCompressed) !== undefined) return
    const key = outputKeyOf(text, values, id)
    assert.match(key, /^[0-9A-Za-z!\-_'.*()/=]{1,1024}$/)
    assert.doesNotMatch(key, /^\/|\/\/|\.\.|!\{/)
    assert.ok(key.includes(id))
  })
  fc.assert(property, { numRuns: 2_000 })
})
