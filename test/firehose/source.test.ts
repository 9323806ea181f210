import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followShards, type LogPosition, type SourceShard } from '../../src/firehose/delivery/source.ts'

const group = 'stream'
const shard = (shardId: string, ...parentShardIds: string[]): SourceShard => ({
  shardId,
  log: shardId,
  parentShardIds,
  closed: false,
  sequenceNumberOf: String,
})
const at = (shardId: string, next = 7, done?: true): LogPosition => ({
  group,
  log: shardId,
  shardId,
  next,
  ...(done && { done }),
})
const follow = (positions: LogPosition[], ...shards: SourceShard[]) =>
  followShards(positions, { group, shards })

test('children wait until their parent was read to the end', () => {
  const family = [shard('a'), shard('b', 'a'), shard('c', 'a')]
  assert.deepEqual(follow([at('a')], ...family), [at('a')])
  assert.deepEqual(follow([at('a', 9, true)], ...family), [at('b', 0), at('c', 0)])
})

test('a merged child waits for both parents', () => {
  const family = [shard('a'), shard('b'), shard('c', 'a', 'b')]
  assert.deepEqual(follow([at('a', 9, true), at('b')], ...family), [at('a', 9, true), at('b')])
  assert.deepEqual(follow([at('a', 9, true), at('b', 9, true)], ...family), [at('c', 0)])
})

test('a parent that was read stays until the stream shows its children', () => {
  assert.deepEqual(follow([at('a', 9, true)], shard('a')), [at('a', 9, true)])
})

test('what was closed before the delivery stream existed is not read', () => {
  assert.deepEqual(follow([at('b')], shard('a'), shard('b', 'a')), [at('b')])
})

test('a parent that has expired counts as read', () => {
  assert.deepEqual(follow([at('a')], shard('b', 'a')), [at('b', 0)])
})

test('a new stream of the same name is read from its beginning', () => {
  const old = { ...at('a'), group: 'an older stream' }
  assert.deepEqual(follow([old], shard('a'), shard('b', 'a')), [at('a', 0)])
})
