import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  parseSequenceNumber,
  type SequenceNumber,
  sequenceNumberFormat,
} from '../../../src/kinesis/shards/sequence-number.ts'

const formatSequenceNumber = (number: SequenceNumber) =>
  sequenceNumberFormat(number)(number.position, number.timeSeconds)

const seconds = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 })
const number = fc.record({
  shardCreatedSeconds: seconds,
  shardIndex: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  position: fc.maxSafeNat(),
  timeSeconds: seconds,
})

test("a sequence number has AWS's layout and length", () => {
  const text = formatSequenceNumber({
    shardCreatedSeconds: 0x54c05a010,
    shardIndex: 0x1f,
    position: 0xabc,
    timeSeconds: 0x54c05a02,
  })
  assert.equal(
    BigInt(text).toString(16),
    '2' + '54c05a010' + 'f' + '0000000000000abc' + '00' + '054c05a02' + '0000001f' + '2',
  )
  assert.equal(text.length, 56)
})

test('a sequence number says again what it was made of', () => {
  fc.assert(
    fc.property(number, (given) => {
      const text = formatSequenceNumber(given)
      assert.equal(text.length, 56)
      assert.deepEqual(parseSequenceNumber(text), { ...given })
    }),
  )
})

test("in a shard, sequence numbers rise with the engine's positions whatever the time", () => {
  fc.assert(
    fc.property(number, fc.maxSafeNat(), seconds, (one, position, timeSeconds) => {
      fc.pre(position !== one.position)
      const other = { ...one, position, timeSeconds }
      const isLess = BigInt(formatSequenceNumber(one)) < BigInt(formatSequenceNumber(other))
      assert.equal(isLess, one.position < position)
    }),
  )
})

test('other numbers are no sequence numbers', () => {
  const good = BigInt(
    formatSequenceNumber({ shardCreatedSeconds: 1.5e9, shardIndex: 0, position: 1, timeSeconds: 1.5e9 }),
  )
  const others = [0n, 1n, good + 1n, good - 1n, good << 4n, good >> 4n, good + (1n << 72n), 10n ** 128n]
  for (const other of others) assert.equal(parseSequenceNumber(String(other)), undefined, String(other))
})
