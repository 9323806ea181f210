import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  endingNumberOf,
  parseEndingNumber,
  parseSequenceNumber,
  type SequenceNumber,
  sequenceNumberFormat,
  shardIndexIn,
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

test("AWS's numbers of all three versions tell their shard, wherever they come from", () => {
  const hex = (digits: string) => String(BigInt(`0x${digits}`))
  for (const [text, shard] of [
    // What AWS made of these was recorded.
    ['0', 0],
    ['5', 5],
    ['425352958651173072921826052383309826', 2],
    [hex('f3bb2cc3d7ff7fffffffffffffff0000'), 0],
    [hex('13bb2cc3d80000000000000000000000'), undefined],
    [hex('20000000000800000000000000000000000000000000002'), undefined],
    [hex('20000000000000000000000000000000000000800000002'), undefined],
    // Version 1, version 2, and no version.
    [hex(`2054c05a02${'3'}00054c05a02${'a'.repeat(14)}01000000131`), 0x13],
    [hex(`2054c05a02${'3'}0000000000000abc00054c05a02000000132`), 0x13],
    [hex(`2054c05a02${'3'}0000000000000abcff054c05a02000000132`), 0x13],
    [hex(`2054c05a02${'3'}0000000000000abc00054c05a02000000133`), undefined],
    [String(10n ** 128n), undefined],
    ['', undefined],
    ['-1', undefined],
  ] as const)
    assert.equal(shardIndexIn(text), shard, text)
})

test('the end of a shard is behind all of its records, and the number of none', () => {
  fc.assert(
    fc.property(number, seconds, (one, timeSeconds) => {
      const { position: _, ...shard } = { ...one, timeSeconds }
      const end = endingNumberOf(shard, timeSeconds)
      assert.equal(end.length, 56)
      assert.deepEqual(parseEndingNumber(end), shard)
      assert.equal(parseSequenceNumber(end), undefined)
      assert.equal(parseEndingNumber(formatSequenceNumber(one)), undefined)
      assert.equal(shardIndexIn(end), one.shardIndex)
      assert.ok(BigInt(end) > BigInt(formatSequenceNumber(one)))
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
