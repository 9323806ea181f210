import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createShardRouter,
  hashKeyOf,
  parseHashKey,
  uniformHashKeyRanges,
} from '../../../src/kinesis/shards/shard.ts'
import { createStream } from '../../../src/kinesis/streams/stream.ts'

const LAST = 2n ** 128n - 1n
const shardsOf = (shardCount: number) =>
  createStream({
    creationId: 'id',
    mode: 'PROVISIONED',
    shardCount,
    maxRecordSizeInKiB: 1_024,
    tags: {},
    now: 1_500_000_000_000,
    activeAt: 0,
  }).shards
const numberOf = (hashKey: Uint8Array) => BigInt(`0x${Buffer.from(hashKey).toString('hex')}`)

test('a partition key hashes to its MD5, in UTF-8', () => {
  assert.equal(Buffer.from(hashKeyOf('a')).toString('hex'), '0cc175b9c0f1b6a831c399e269772661')
  assert.equal(Buffer.from(hashKeyOf('ü')).toString('hex'), 'c03410a5204b21cd8229ff754688d743')
})

test('an explicit hash key is any number of 128 bits', () => {
  assert.deepEqual(parseHashKey('0'), Buffer.alloc(16))
  assert.deepEqual(parseHashKey(String(LAST)), Buffer.alloc(16, 255))
  assert.equal(parseHashKey(String(LAST + 1n)), undefined)
})

test("three shards have AWS's ranges", () => {
  assert.deepEqual(uniformHashKeyRanges(3), [
    { start: '0', end: '113427455640312821154458202477256070484' },
    { start: '113427455640312821154458202477256070485', end: '226854911280625642308916404954512140969' },
    { start: '226854911280625642308916404954512140970', end: '340282366920938463463374607431768211455' },
  ])
})

test('the ranges of any number of shards hold every key once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), (count) => {
      const ranges = uniformHashKeyRanges(count).map(
        ({ start, end }) => [BigInt(start), BigInt(end)] as const,
      )
      assert.equal(ranges.length, count)
      assert.equal(ranges[0]![0], 0n)
      assert.equal(ranges.at(-1)![1], LAST)
      for (const [index, [start]] of ranges.entries())
        if (index > 0) assert.equal(start, ranges[index - 1]![1] + 1n)
    }),
    { numRuns: 30 },
  )
})

test('a key goes to the shard whose range holds it', () => {
  const key = fc.oneof(
    fc.bigInt({ min: 0n, max: LAST }),
    fc.integer({ min: 0, max: 64 }).map((index) => (2n ** 128n / 64n) * BigInt(index) - 1n),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), key, (count, wanted) => {
      const hashKey = parseHashKey(String(wanted < 0n ? 0n : wanted))!
      const { hashKeyRange } = createShardRouter(shardsOf(count))(hashKey)
      assert.ok(BigInt(hashKeyRange.start) <= numberOf(hashKey))
      assert.ok(numberOf(hashKey) <= BigInt(hashKeyRange.end))
    }),
  )
})

test('a closed shard gets no key', () => {
  const [first, second] = shardsOf(2)
  const closed = { ...first!, closed: { at: 1, position: 1 } }
  const child = { ...first!, shardId: 'shardId-000000000002', parentShardId: first!.shardId }
  assert.equal(createShardRouter([closed, second!, child])(new Uint8Array(16)).shardId, child.shardId)
})
