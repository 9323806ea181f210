import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, OPERATIONS, type PutOperation } from '../prove/plain/bodies.ts'
import { readBothWays } from '../prove/plain/both-ways.ts'
import { seeded, TEST_SEED } from '../prove/seeded.ts'

const put = (members: string) => `{"StreamName":"orders",${members}}`
const data = (text: string) => put(`"Data":"${text}","PartitionKey":"a"`)

const PLAIN = [
  put('"Data":"","PartitionKey":"a"'),
  put('"Data":"QUJD"'),
  put('"PartitionKey":"a","Data":"QUI="'),
  ' {\n"Data" : "QQ==" ,\t"PartitionKey": "a b~"\r}\n',
  '{}',
  '{ }',
]
const NOT_PLAIN = {
  "base64's other alphabet": data('QUI-'),
  'and its other letter': data('QU_I'),
  'a letter that is none of it': data('QU*I'),
  'a line that is broken': data('QU\\nI'),
  'a slash that is escaped': data('QU\\/I'),
  'padding in the middle': data('QQ=='.repeat(2)),
  'padding alone': data('===='),
  'too little padding': data('QQ='),
  'bits behind the last byte': data('QR=='),
  'bits behind the last but one': data('QUJ='.replace('J', 'F')),
  'a key that is escaped': put('"Data":"QQ==","PartitionKey":"\\u0061"'),
  'a key that is not ASCII': put('"Data":"QQ==","PartitionKey":"ä"'),
  'a key with a control character': put('"Data":"QQ==","PartitionKey":"a\u0001"'),
  'a member twice': put('"Data":"QQ==","Data":"QUI="'),
  'a member that the shape does not know': put('"Data":"QQ==","__proto__":{}'),
  'a member that is null': put('"Data":null'),
  'a number': put('"Data":7'),
  'a comma too many': put('"Data":"QQ==",'),
  'no comma': '{"Data":"QQ==" "PartitionKey":"a"}',
  'no colon': '{"Data" "QQ=="}',
  'more behind it': `${data('QQ==')}x`,
  'a byte order mark': `\ufeff${data('QQ==')}`,
  'half of it': data('QQ==').slice(0, -1),
  nothing: '',
  'a list': '[]',
}

test('what SDKs send is plain, and read as it is parsed', () => {
  for (const body of PLAIN)
    assert.deepEqual(readBothWays('PutRecord', Buffer.from(body)), { isPlain: true }, body)
})

for (const [what, body] of Object.entries(NOT_PLAIN))
  test(`${what} is not plain`, () => {
    assert.deepEqual(readBothWays('PutRecord', Buffer.from(body)), { isPlain: false })
  })

test('whatever is read straight from its bytes is read as it is parsed', () => {
  const chance = seeded(TEST_SEED)
  let plain = 0
  for (let round = 0; round < 10_000; round++) {
    const operation = chance.pick(Object.keys(OPERATIONS) as PutOperation[])
    const { isPlain, difference } = readBothWays(operation, bodyOf(operation, chance))
    assert.equal(difference, undefined)
    if (isPlain) plain++
  }
  assert.ok(plain > 5_000, `${plain} were plain`)
})
