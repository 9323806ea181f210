import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flawCheckOf } from '../../../src/kinesis/channels/channel.ts'

const isRight = (format: 'JSON' | 'STRING', data: string | Uint8Array) =>
  flawCheckOf(format)!(Buffer.from(data)) === undefined

test('a channel of JSON takes any JSON text, one of strings any UTF-8, one of bytes anything', () => {
  for (const text of ['{"a":1}', ' [1, 2]\n', '"text"', '1e3', 'null']) assert.ok(isRight('JSON', text), text)
  for (const text of ['', '{"a":1}{"a":2}', '{"a":1}\n{"a":2}', "{'a':1}", 'NaN', '\ufeff{}'])
    assert.ok(!isRight('JSON', text), text)
  for (const text of ['', 'text', 'ä€😀']) assert.ok(isRight('STRING', text), text)
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    assert.ok(!isRight('STRING', Uint8Array.from(bytes)), String(bytes))
    assert.ok(!isRight('JSON', Uint8Array.from([0x22, ...bytes, 0x22])), String(bytes))
  }
  assert.equal(flawCheckOf('BYTE_ARRAY'), undefined)
})
