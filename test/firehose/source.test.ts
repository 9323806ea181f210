import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followShards, type SourceShard } from '../../src/delivery/progress/source.ts'
import type { LogPosition } from '../../src/delivery/reading/log-range.ts'

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

const waiting = (shardId: string, ...waitsFor: string[]): LogPosition => ({ ...at(shardId, 0), waitsFor })

test('children wait until their parent was read to the end', () => {
  const family = [shard('a'), shard('b', 'a'), shard('c', 'a')]
  assert.deepEqual(follow([at('a')], ...family), [at('a'), waiting('b', 'a'), waiting('c', 'a')])
  assert.deepEqual(follow([at('a', 9, true)], ...family), [at('b', 0), at('c', 0)])
})

test('a merged child waits for both parents, whichever was known first', () => {
  const family = [shard('a'), shard('b'), shard('c', 'a', 'b')]
  assert.deepEqual(follow([at('a', 9, true), at('b')], ...family), [at('b'), waiting('c', 'b')])
  assert.deepEqual(follow([at('b', 9, true), waiting('c', 'b')], ...family), [at('c', 0)])
})

test('a merged child waits for a parent that waits itself', () => {
  const family = [shard('a'), shard('b'), shard('c', 'a'), shard('d', 'a'), shard('e', 'b', 'd')]
  const positions = follow([at('a'), at('b', 9, true)], ...family)
  assert.deepEqual(positions, [at('a'), waiting('c', 'a'), waiting('d', 'a'), waiting('e', 'd')])
})

test('a parent that was read stays until the stream shows its children', () => {
  assert.deepEqual(follow([at('a', 9, true)], shard('a')), [at('a', 9, true)])
})

test('what was closed before the delivery stream existed is not read, nor what was finished', () => {
  assert.deepEqual(follow([at('b')], shard('a'), shard('b', 'a')), [at('b')])
})

test('a shard that has expired is read to its end all the same, so that what is gone of it is seen', () => {
  assert.deepEqual(follow([at('a')], shard('b', 'a')), [at('a'), waiting('b', 'a')])
})

test('a shard whose ancestors came and expired unseen is read', () => {
  assert.deepEqual(follow([at('a', 9, true)], shard('d', 'c')), [at('d', 0)])
})

test('a new stream of the same name is read from its beginning', () => {
  const old = { ...at('z'), group: 'an older stream' }
  assert.deepEqual(follow([old], shard('a'), shard('b', 'a')), [at('a', 0), waiting('b', 'a')])
})

test('where a former version knew shards from their turn on only, those that descend from one are still to come', () => {
  const family = [shard('a'), shard('b'), shard('c', 'a'), shard('d', 'c'), shard('e', 'b')]
  assert.deepEqual(follow([at('a'), at('e')], ...family), [
    ...[at('a'), at('e'), waiting('c', 'a'), waiting('d', 'c')],
  ])
})
