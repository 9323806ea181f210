import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { filterShards, type ShardFilter } from '../../../src/kinesis/operations/list-shards.ts'
import { parentsOf, shardIdOf, shardIndexOf } from '../../../src/kinesis/shards/shard.ts'
import {
  childrenOf,
  createStream,
  deleteStream,
  statusOf,
  trimHorizonOf,
  visibleShardsOf,
} from '../../../src/kinesis/streams/stream.ts'

const HOUR = 3_600_000
const BORN = Date.UTC(2026, 0, 1)
const stream = createStream({
  creationId: 'id',
  mode: 'PROVISIONED',
  shardCount: 2,
  maxRecordSizeInKiB: 1_024,
  tags: {},
  now: BORN,
  activeAt: BORN + 500,
})

test('a new stream is CREATING without shards until it is ACTIVE', () => {
  assert.equal(statusOf(stream, BORN + 499), 'CREATING')
  assert.equal(visibleShardsOf(stream, BORN + 499).length, 0)
  assert.equal(statusOf(stream, BORN + 500), 'ACTIVE')
  assert.equal(visibleShardsOf(stream, BORN + 500).length, 2)
})

test('a deleted stream is DELETING and then no more', () => {
  const deleted = deleteStream(stream, BORN + 2_000)
  assert.equal(statusOf(deleted, BORN + 1_999), 'DELETING')
  assert.equal(statusOf(deleted, BORN + 2_000), undefined)
})

test('shards are found by the names that AWS takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (index) => {
      for (const name of [shardIdOf(index), `shardId-${index}`, `any-${index}`, `${index}`])
        assert.equal(shardIndexOf(name), index)
    }),
  )
  for (const name of ['shardId', 'shardId-', '-', 'shardId-x', 'shardId-2147483648'])
    assert.equal(shardIndexOf(name), undefined, name)
})

test('nothing older than the retention can be read, nor anything before the stream', () => {
  assert.equal(trimHorizonOf(stream, BORN + HOUR), BORN)
  assert.equal(trimHorizonOf(stream, BORN + 30 * HOUR), BORN + 6 * HOUR)
})

/** Shard 0 was split after 2 hours into 2 and 3; 3 and 1 were merged after 4 hours into 4. */
const [zero, one] = stream.shards
const at = (hours: number) => ({ at: BORN + hours * HOUR, position: hours })
const born = (
  index: number,
  hours: number,
  parents: string[],
  closed?: { at: number; position: number },
) => ({
  shardId: shardIdOf(index),
  hashKeyRange: zero!.hashKeyRange,
  createdAt: BORN + hours * HOUR,
  parentShardId: parents[0]!,
  ...(parents[1] && { adjacentParentShardId: parents[1] }),
  ...(closed && { closed }),
})
const resharded = {
  ...stream,
  shards: [
    { ...zero!, closed: at(2) },
    { ...one!, closed: at(4) },
    born(2, 2, [zero!.shardId]),
    born(3, 2, [zero!.shardId], at(4)),
    born(4, 4, [shardIdOf(3), one!.shardId]),
  ],
}

test('children know their parents, and are known to them', () => {
  const [split, merged, , , child] = resharded.shards
  assert.deepEqual(
    childrenOf(resharded, split!).map(({ shardId }) => shardId),
    [shardIdOf(2), shardIdOf(3)],
  )
  assert.deepEqual(childrenOf(resharded, merged!), [child])
  assert.deepEqual(parentsOf(child!), [shardIdOf(3), shardIdOf(1)])
})

test('a filter lets through the shards of its time', () => {
  const cases: [ShardFilter | undefined, number, number[]][] = [
    [undefined, 5, [0, 1, 2, 3, 4]],
    [undefined, 27, [1, 2, 3, 4]],
    [{ Type: 'FROM_TRIM_HORIZON' }, 29, [2, 4]],
    [{ Type: 'AT_TRIM_HORIZON' }, 5, [0, 1]],
    [{ Type: 'AT_TRIM_HORIZON' }, 27, [1, 2, 3]],
    [{ Type: 'AT_LATEST' }, 5, [2, 4]],
    [{ Type: 'AT_TIMESTAMP', Timestamp: BORN + 3 * HOUR }, 5, [1, 2, 3]],
    [{ Type: 'AT_TIMESTAMP', Timestamp: BORN - HOUR }, 5, [0, 1]],
    [{ Type: 'FROM_TIMESTAMP', Timestamp: BORN + 3 * HOUR }, 5, [1, 2, 3, 4]],
    [{ Type: 'AFTER_SHARD_ID', ShardId: shardIdOf(2) }, 5, [3, 4]],
  ]
  for (const [filter, hours, wanted] of cases)
    assert.deepEqual(
      filterShards(resharded, filter, BORN + hours * HOUR).map(({ shardId }) => shardIndexOf(shardId)),
      wanted,
      `${JSON.stringify(filter)} after ${hours} hours`,
    )
})

test('a filter without what its type needs is refused', () => {
  for (const Type of ['AT_TIMESTAMP', 'FROM_TIMESTAMP', 'AFTER_SHARD_ID'] as const)
    assert.throws(() => filterShards(resharded, { Type }, BORN), { code: 'InvalidArgumentException' })
})
