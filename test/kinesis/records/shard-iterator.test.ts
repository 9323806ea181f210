import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatShardIterator, parseShardIterator } from '../../../src/kinesis/records/read.ts'

const NOW = Date.UTC(2015, 0, 22, 1, 22, 2)
const iterator = {
  account: '000000000000',
  region: 'us-east-1',
  streamName: 'orders',
  creationId: '6d2b8f0e-0000-4000-8000-000000000000',
  shardId: 'shardId-000000000000',
  position: 12,
}

test('an iterator says again where its reader is, also in double quotes and again and again', () => {
  const any = fc.record({
    streamName: fc.stringMatching(/^[a-zA-Z0-9_.-]{1,128}$/),
    position: fc.maxSafeNat(),
  })
  fc.assert(
    fc.property(any, (given) => {
      const place = { ...iterator, ...given }
      const text = formatShardIterator(place, NOW)
      for (const form of [text, `"${text}"`, text])
        assert.deepEqual(parseShardIterator(form, NOW + 300_000), place)
    }),
  )
})

test("an iterator looks like AWS's", () => {
  const text = formatShardIterator(iterator, NOW)
  const bytes = Buffer.from(text, 'base64')
  assert.equal(bytes.subarray(0, 8).toString('hex'), '0000000000000001')
  assert.equal(bytes.length, 152)
  const longest = formatShardIterator({ ...iterator, streamName: 'x'.repeat(128) }, NOW)
  assert.equal(Buffer.from(longest, 'base64').length % 16, 152 % 16)
  assert.ok(longest.length <= 512)
})

test('an iterator expires after five minutes', () => {
  assert.throws(() => parseShardIterator(formatShardIterator(iterator, NOW), NOW + 300_001), {
    code: 'ExpiredIteratorException',
    message:
      'Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 while right now it is ' +
      'Thu Jan 22 01:27:02 UTC 2015 which is further in the future than the tolerated delay of 300000 milliseconds.',
  })
})

test('what is not an iterator, or no longer the one that was given out, is refused', () => {
  const text = formatShardIterator(iterator, NOW)
  const wrong = ['a', '""', 'not base64 at all!', text.slice(4), text.slice(0, -4), `${text}=`]
  const changed = (index: number) => {
    const bytes = Buffer.from(text, 'base64')
    bytes[index]! ^= 1
    return bytes.toString('base64')
  }
  for (const given of [...wrong, ...[0, 7, 8, 23, 24, 100, 151].map(changed)])
    assert.throws(() => parseShardIterator(given, NOW), {
      code: 'InvalidArgumentException',
      message: 'Invalid ShardIterator.',
    })
})
