import type { RecordView, ShardView } from '../../../src/api/views.ts'

export interface ShardLoad {
  readonly records: number
  /** Takes much more than its fair part. */
  readonly isHot: boolean
}

const SPACE = 2n ** 128n
/** Fewer say nothing. */
const ENOUGH_RECORDS = 100
const HOT_SHARE = 1.5

/** How much of the hash range is the shard's. */
export function shareOf({ hashKeyRange: { start, end } }: Pick<ShardView, 'hashKeyRange'>): number {
  const width = BigInt(end) - BigInt(start) + 1n
  return Number((width * 1_000_000n) / SPACE) / 1_000_000
}

/** Where to split the shard into equal halves. */
export const middleOf = ({ hashKeyRange: { start, end } }: Pick<ShardView, 'hashKeyRange'>): string =>
  ((BigInt(start) + BigInt(end) + 1n) / 2n).toString()

/** The shard whose range begins where this one's ends. */
export const neighbourOf = (shard: ShardView, open: readonly ShardView[]): ShardView | undefined =>
  open.find(({ hashKeyRange }) => BigInt(hashKeyRange.start) === BigInt(shard.hashKeyRange.end) + 1n)

export function loadsOf(
  shards: readonly ShardView[],
  records: readonly Pick<RecordView, 'shardId'>[],
): ReadonlyMap<string, ShardLoad> {
  const counts = new Map<string, number>()
  for (const { shardId } of records) counts.set(shardId, (counts.get(shardId) ?? 0) + 1)
  const open = shards.filter(({ closedAt }) => closedAt === undefined)
  const fair = records.length / Math.max(1, open.length)
  return new Map(
    shards.map(({ shardId }) => {
      const count = counts.get(shardId) ?? 0
      const isHot = open.length > 1 && records.length >= ENOUGH_RECORDS && count > fair * HOT_SHARE
      return [shardId, { records: count, isHot }]
    }),
  )
}

/** `shardId-000000000007` is 7. */
export const shardNumber = (shardId: string): number => Number(shardId.slice('shardId-'.length))

type Relative = Pick<ShardView, 'shardId' | 'parents'>

/** Where its hash keys came from and went to: `from 0`, `split into 4 and 5`. */
export function lineageText({ shardId, parents }: Relative, shards: readonly Relative[]): string {
  const children = shards.filter((one) => one.parents.includes(shardId))
  const numbers = (ids: readonly string[]) => ids.map(shardNumber).join(' and ')
  return [
    ...(parents.length > 0 ? [`from ${numbers(parents)}`] : []),
    ...(children.length > 0
      ? [
          `${children.length > 1 ? 'split' : 'merged'} into ${numbers(children.map((child) => child.shardId))}`,
        ]
      : []),
  ].join(', ')
}
