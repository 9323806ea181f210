import { PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type Shard,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3'
import type { Fault } from '../../remote/fault-proxy.ts'
import type { Seeded } from '../seeded.ts'
import { dropBucket } from './harvest.ts'
import { type Ledger, shardKeyOf, textOf } from './ledger.ts'
import { BUCKETS, createPath, STREAM, updatePath } from './paths.ts'
import type { Site } from './site.ts'
import type { Theme } from './themes.ts'

export interface Scene {
  readonly site: Site
  readonly ledger: Ledger
  readonly chance: Seeded
  readonly isDurable: boolean
  readonly isRemote: boolean
  readonly theme: Theme
}

type Act = (scene: Scene) => Promise<unknown>

const StreamName = STREAM
const FAULTS: readonly Fault[] = ['cut after it is stored', 'cut at once', 'answer 500', 'answer 503']

export async function createStream({ site, chance }: Scene, ShardCount = 1 + chance.below(4)): Promise<void> {
  await site.kinesis().send(new CreateStreamCommand({ StreamName, ShardCount }))
  await site.advance('1m')
}

/** What is open, the lowest hash keys first; notes every shard's parents. */
export async function openShards({ site, ledger }: Scene): Promise<Shard[]> {
  const shards: Shard[] = []
  for (let NextToken: string | undefined; ; ) {
    const query = NextToken === undefined ? { StreamName } : { NextToken }
    const page = await site.kinesis().send(new ListShardsCommand(query))
    shards.push(...(page.Shards ?? []))
    NextToken = page.NextToken
    if (NextToken === undefined) break
  }
  for (const { ShardId, ParentShardId, AdjacentParentShardId } of shards) {
    const parents = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined)
    ledger.parents.set(shardKeyOf(ledger.generation, ShardId!), parents)
  }
  return shards
    .filter(({ SequenceNumberRange }) => !SequenceNumberRange?.EndingSequenceNumber)
    .sort((one, other) => (startOf(one) < startOf(other) ? -1 : 1))
}

const startOf = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange!.StartingHashKey!)
const endOf = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange!.EndingHashKey!)

/** Puts so many records of one size, each to one of the shards in turn. */
export async function putTo(
  { site, ledger, chance }: Scene,
  shards: readonly Shard[],
  count: number,
  size: number,
) {
  for (let from = 0; from < count; from += 500) {
    const first = ledger.records.length
    const Records = Array.from({ length: Math.min(500, count - from) }, (_, index) => ({
      PartitionKey: 'k',
      ExplicitHashKey: String(startOf(shards[(from + index) % shards.length]!)),
      Data: Buffer.from(textOf(first + index, chance.below(5), size)),
    }))
    const answer = await site.kinesis().send(new PutRecordsCommand({ StreamName, Records }))
    if (answer.FailedRecordCount) throw new Error('a put was refused')
    for (const [index, { ShardId, SequenceNumber }] of (answer.Records ?? []).entries())
      ledger.records.push({
        ...{ id: first + index, at: site.now(), generation: ledger.generation },
        ...{ shard: ShardId!, sequenceNumber: SequenceNumber! },
      })
  }
}

async function putDirectly({ site, ledger, chance }: Scene): Promise<void> {
  const direct = ledger.paths.filter(({ isDirectPut }) => isDirectPut)
  if (direct.length === 0) return
  const { name } = chance.pick(direct)
  const first = ledger.records.length
  const size = chance.pick([10, 1000, 8000])
  const Records = Array.from({ length: 1 + chance.below(200) }, (_, index) => ({
    Data: Buffer.from(textOf(first + index, chance.below(5), size)),
  }))
  await site.firehose().send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }))
  for (let index = 0; index < Records.length; index++)
    ledger.records.push({ id: first + index, at: site.now(), path: name, generation: ledger.generation })
}

async function scale(scene: Scene): Promise<void> {
  const { length } = await openShards(scene)
  const most = Math.min(length * 2, 12)
  const TargetShardCount = Math.max(Math.ceil(length / 2), 1 + scene.chance.below(Math.max(most, 1)))
  if (TargetShardCount === length || TargetShardCount > length * 2) return
  const change = { StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' as const }
  await scene.site.kinesis().send(new UpdateShardCountCommand(change))
  await scene.site.advance('1m')
}

/** What may happen; those that are to happen often stand there often. */
const ACTS: Readonly<Record<string, { readonly weight: number; readonly act: Act }>> = {
  put: {
    weight: 8,
    async act(scene) {
      const { chance } = scene
      const open = await openShards(scene)
      const shards = Array.from({ length: 1 + chance.below(3) }, () => chance.pick(open))
      await putTo(scene, shards, 1 + chance.below(300), chance.pick(scene.theme.sizes))
    },
  },
  'put directly': { weight: 2, act: putDirectly },
  split: {
    weight: 3,
    async act(scene) {
      const open = await openShards(scene)
      const shard = scene.chance.pick(open)
      const middle = (startOf(shard) + endOf(shard)) / 2n
      if (open.length >= 12 || middle <= startOf(shard)) return
      const split = { StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey: String(middle) }
      await scene.site.kinesis().send(new SplitShardCommand(split))
      await scene.site.advance('1m')
    },
  },
  merge: {
    weight: 3,
    async act(scene) {
      const open = await openShards(scene)
      if (open.length < 2) return
      const index = scene.chance.below(open.length - 1)
      const [lower, upper] = [open[index]!, open[index + 1]!]
      const merge = { StreamName, ShardToMerge: lower.ShardId, AdjacentShardToMerge: upper.ShardId }
      await scene.site.kinesis().send(new MergeShardsCommand(merge))
      await scene.site.advance('1m')
    },
  },
  scale: { weight: 1, act: scale },
  wait: {
    weight: 4,
    act: ({ site, chance }) => site.advance(chance.pick(['1s', '30s', '2m', '10m', '16m'])),
  },
  'wait long': {
    weight: 1,
    act: ({ site, chance }) => site.advance(chance.pick(['1h', '5h', '13h', '23h50m', '25h', '50h'])),
  },
  deliver: {
    weight: 1,
    // A place that refuses is one of the things that happen.
    act: ({ site, ledger, chance }) =>
      site
        .server()
        .deliver(chance.pick(ledger.paths).name)
        .catch(() => undefined),
  },
  'make or drop a bucket': { weight: 2, act: toggleBucket },
  'fail puts': {
    weight: 2,
    act: async ({ site, chance }) =>
      site.fail(Array.from({ length: 1 + chance.below(6) }, () => chance.pick(FAULTS))),
  },
  update: {
    weight: 1,
    act: ({ site, ledger, chance }) => updatePath(site, chance.pick(ledger.paths), chance),
  },
  'another path': {
    weight: 1,
    act: async ({ site, ledger, chance }) =>
      ledger.paths.length < 4 ? await createPath(site, ledger, chance) : undefined,
  },
  restart: { weight: 2, act: async ({ site, isDurable }) => (isDurable ? await site.restart() : undefined) },
  'change the retention': { weight: 1, act: changeRetention },
  'make the stream anew': {
    weight: 0.5,
    async act(scene) {
      const { site, chance, isDurable } = scene
      const maybeRestart = async () => (isDurable && chance.below(2) === 0 ? await site.restart() : undefined)
      await site.kinesis().send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }))
      await maybeRestart()
      await site.advance(chance.pick(['1s', '1m', '20m']))
      await maybeRestart()
      scene.ledger.generation++
      await createStream(scene)
      await maybeRestart()
    },
  },
}

async function toggleBucket({ site, ledger, chance }: Scene): Promise<void> {
  const Bucket = chance.pick(BUCKETS)
  const { Buckets = [] } = await site.s3().send(new ListBucketsCommand({}))
  if (!Buckets.some(({ Name }) => Name === Bucket)) await site.s3().send(new CreateBucketCommand({ Bucket }))
  else await dropBucket(site, ledger, Bucket)
}

async function changeRetention({ site, chance }: Scene): Promise<void> {
  const kinesis = site.kinesis()
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))
  const before = StreamDescriptionSummary!.RetentionPeriodHours!
  const RetentionPeriodHours = chance.pick([24, 30, 48])
  if (RetentionPeriodHours > before)
    await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }))
  else if (RetentionPeriodHours < before)
    await kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }))
  await site.advance('1m')
}

/** Does one of them; its name. */
export async function actAtRandom(scene: Scene): Promise<string> {
  const all = Object.entries(ACTS)
  const weightOf = ([name, { weight }]: (typeof all)[number]) => weight * (scene.theme.weights[name] ?? 1)
  let left = scene.chance.next() * all.reduce((sum, one) => sum + weightOf(one), 0)
  const [name, { act }] = all.find((one) => {
    left -= weightOf(one)
    return left < 0
  })!
  await act(scene)
  return name
}
