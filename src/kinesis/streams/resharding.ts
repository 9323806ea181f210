import type { Position } from '../../engine/ports/engine.ts'
import {
  isOpen,
  namedBy,
  parseHashKey,
  type Shard,
  shardIdOf,
  shardIndexOf,
  uniformHashKeyRanges,
} from '../shards/shard.ts'
import { openShardsOf, type Resharding, type Stream } from './stream.ts'

/** A shard that takes over from one parent, or from two. */
export type Opening = Pick<Shard, 'hashKeyRange' | 'parentShardId' | 'adjacentParentShardId'>

export const startsOf = (shards: readonly Shard[]): string[] =>
  byHashKey(shards).map(({ hashKeyRange }) => hashKeyRange.start)

export const reshard = (stream: Stream, resharding: Resharding): Stream => ({ ...stream, resharding })

/**
 * The shards that the next step opens; their parents are the shards that it closes. First every shard is split where
 * one of the wanted shards begins, then neighbours are merged: as on AWS, some live for the time of the change only.
 */
export function nextStep({ shards, resharding }: Stream): Opening[] {
  if (!resharding) return []
  const open = byHashKey(shards.filter(isOpen))
  const starts = resharding.starts.map(BigInt)
  const splits = open.flatMap((shard) => splitAtOneOf(shard, starts))
  return splits.length > 0 ? splits : mergesOf(open, starts)
}

export const parentsOfStep = (step: readonly Opening[]): string[] => [
  ...new Set(
    step.flatMap(({ parentShardId, adjacentParentShardId }) =>
      [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined),
    ),
  ),
]

/**
 * The stream after its next step, once the logs of all parents were sealed. Unchanged when `seals` are those of another
 * step: somebody else was faster.
 */
export function takeStep(stream: Stream, seals: ReadonlyMap<string, Position>, now: number): Stream {
  const step = nextStep(stream)
  if (!parentsOfStep(step).every((parent) => seals.has(parent))) return stream
  const closed = stream.shards.map((shard) => {
    const position = isOpen(shard) ? seals.get(shard.shardId) : undefined
    return position === undefined ? shard : { ...shard, closed: { at: now, position } }
  })
  const next = shardIndexOf(stream.shards.at(-1)!.shardId)! + 1
  const opened = step.map((opening, index) => ({
    ...opening,
    shardId: shardIdOf(next + index),
    createdAt: now,
    ...numberedBehind(stream.shards, opening, now),
  }))
  const after = { ...stream, shards: [...closed, ...opened] }
  if (nextStep(after).length > 0) return after
  const { resharding: _, ...done } = after
  return done
}

/** As AWS's, a shard's sequence numbers are higher than those of its parents, which end with the highest that they can have. */
function numberedBehind(shards: readonly Shard[], opening: Opening, now: number) {
  const parents = parentsOfStep([opening])
  const seconds = shards
    .filter(({ shardId }) => parents.includes(shardId))
    .map((parent) => namedBy(parent).shardCreatedSeconds + 1)
  const first = Math.max(...seconds)
  return first > Math.floor(now / 1_000) ? { numberedFromSeconds: first } : {}
}

const startOf = ({ hashKeyRange }: Shard) => BigInt(hashKeyRange.start)

function byHashKey(shards: readonly Shard[]): Shard[] {
  const keyed = shards.map((shard) => ({ shard, start: parseHashKey(shard.hashKeyRange.start)! }))
  return keyed.sort((a, b) => Buffer.compare(a.start, b.start)).map(({ shard }) => shard)
}

/** At the middle one of the wanted starts within it, so that many take few steps. */
function splitAtOneOf({ shardId, hashKeyRange }: Shard, starts: readonly bigint[]): Opening[] {
  const [first, last] = [BigInt(hashKeyRange.start), BigInt(hashKeyRange.end)]
  const within = starts.slice(indexAfter(starts, first), indexAfter(starts, last))
  const at = within[within.length >> 1]
  if (at === undefined) return []
  return [
    { hashKeyRange: { start: hashKeyRange.start, end: String(at - 1n) }, parentShardId: shardId },
    { hashKeyRange: { start: String(at), end: hashKeyRange.end }, parentShardId: shardId },
  ]
}

/** How many of the rising `starts` are not above `key`. */
export function indexAfter(starts: readonly bigint[], key: bigint): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (starts[middle]! <= key) low = middle + 1
    else high = middle
  }
  return low
}

function mergesOf(open: readonly Shard[], starts: readonly bigint[]): Opening[] {
  const merges: Opening[] = []
  for (let index = 0; index + 1 < open.length; index++) {
    const [lower, upper] = [open[index]!, open[index + 1]!]
    if (indexAfter(starts, startOf(lower)) !== indexAfter(starts, startOf(upper))) continue
    merges.push({
      hashKeyRange: { start: lower.hashKeyRange.start, end: upper.hashKeyRange.end },
      parentShardId: lower.shardId,
      adjacentParentShardId: upper.shardId,
    })
    index++
  }
  return merges
}

/** The stream on its way to `count` shards of the same width. */
export function scaledTo(stream: Stream, count: number): Stream {
  const present = startsOf(openShardsOf(stream)).map(BigInt)
  const starts = uniformHashKeyRanges(count).map(({ start }) => nearby(present, BigInt(start), BigInt(count)))
  return reshard(stream, { starts: starts.map(String) })
}

/**
 * A start that is there already, if it is off by no more than division leaves over: three shards become six by being
 * halved, not by shards of a few keys.
 */
function nearby(present: readonly bigint[], start: bigint, within: bigint): bigint {
  const index = indexAfter(present, start)
  const isNear = (one: bigint | undefined) =>
    one !== undefined && one - start <= within && start - one <= within
  return [present[index - 1], present[index]].find(isNear) ?? start
}
