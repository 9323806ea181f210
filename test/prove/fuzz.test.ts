import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz/fuzz.ts'
import { faultOf, faultOfBytes } from './fuzz/judge.ts'
import { smallest } from './fuzz/smallest.ts'

test('whatever is sent is answered with an exception or ended, and nothing is said on stderr', async (t) => {
  const verdict = await fuzz.prove({ seed: 1, rounds: 1_200, say: (line) => t.diagnostic(line) })
  assert.deepEqual(verdict.failures, [])
  assert.equal(verdict.rows.length, 10)
  for (const [way, , answered, , ended] of verdict.rows)
    assert.ok(Number(answered) + Number(ended) > 0, String(way))
})

test('an answer is judged by its form', () => {
  const answer = (status: number, type: string, text: string) =>
    faultOf({ status, type, body: Buffer.from(text), hasBody: true })
  assert.equal(answer(400, 'application/x-amz-json-1.1', '{"__type":"ValidationException"}'), undefined)
  assert.equal(answer(404, 'application/xml', '<Error><Code>NoSuchKey</Code></Error>'), undefined)
  for (const broken of [
    answer(500, 'application/xml', '<Error><Code>NoSuchKey</Code></Error>'),
    answer(400, 'application/xml', '<Error><Code>InternalError</Code></Error>'),
    answer(400, 'application/xml', ''),
    answer(400, 'application/json', '{"message":"x"}'),
    answer(400, 'application/json', '{"code":"X","message":"TypeError: x"}'),
    answer(400, 'application/json', '{"code":"a b"}'),
    faultOfBytes(Buffer.from('HTTP/1.1 200 OK\r\nX-Evil: 1\r\n\r\n')),
    faultOfBytes(Buffer.from('HTTP/1.1 500 Internal\r\n\r\n')),
  ])
    assert.ok(broken)
})

test('of what breaks something the smallest is found', async () => {
  const items = Array.from({ length: 50 }, (_, index) => index)
  const found = await smallest(items, async (some) => some.includes(7) && some.includes(33))
  assert.deepEqual(found, [7, 33])
})
