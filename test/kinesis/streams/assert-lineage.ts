import assert from 'node:assert/strict'
import type { Answer } from '../bound-kinesis.ts'

const SPACE = 2n ** 128n

const rangeOf = ({ HashKeyRange }: Answer) =>
  [BigInt(HashKeyRange.StartingHashKey), BigInt(HashKeyRange.EndingHashKey)] as const

/** The shards' ranges follow one another without a gap or an overlap; where they begin and end. */
function unionOf(shards: readonly Answer[]): readonly [bigint, bigint] {
  const ranges = shards.map(rangeOf).sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [index, [start]] of ranges.entries())
    if (index > 0) assert.equal(start, ranges[index - 1]![1] + 1n, 'hash keys in a row')
  return [ranges[0]![0], ranges.at(-1)![1]]
}

/**
 * The open shards hold all hash keys; every shard but the first has parents, which are closed; children take over what
 * their parents had, and nothing else.
 */
export function assertLineage(shards: readonly Answer[]): void {
  const isOpen = ({ SequenceNumberRange }: Answer) => !SequenceNumberRange.EndingSequenceNumber
  assert.deepEqual(unionOf(shards.filter(isOpen)), [0n, SPACE - 1n])
  const byId = new Map(shards.map((shard) => [shard.ShardId, shard]))
  const families = Map.groupBy(shards, ({ ParentShardId, AdjacentParentShardId }) =>
    [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined).join(),
  )
  for (const [ids, children] of families) {
    if (ids === '') {
      assert.deepEqual(children, [shards[0]])
      continue
    }
    const parents = ids.split(',').map((id) => byId.get(id))
    assert.ok(!parents.some(isOpen), 'a parent is closed')
    assert.deepEqual(unionOf(children), unionOf(parents))
  }
}
