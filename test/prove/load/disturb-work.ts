import { updateDestination } from './control-work.ts'
import type { Load } from './work.ts'
import { advance, bucketArn, DELIVERIES, deliver, LATE, SOURCES } from './world.ts'

const MOST_SHARDS = 8

/** The bucket that `late` delivers to, and whether it was made: it is named some time before. */
export interface Disturbances {
  lateBucket: number
  isLateBucketThere: boolean
}

/** Moves time, delivers, reshards, changes destinations: all that records must survive. */
export async function disturb(load: Load): Promise<void> {
  const { client, random } = load
  const dice = random.below(100)
  if (dice < 25) await advance(client, random.pick(['2s', '61s', '5s']))
  else if (dice < 40) await deliver(client, random.pick(DELIVERIES).name)
  else if (dice < 65) await reshard(load)
  else if (dice < 68) await scale(load)
  else if (dice < 75)
    await updateDestination(client, SOURCES.direct, {
      CompressionFormat: random.pick(['GZIP', 'UNCOMPRESSED']),
    })
  else if (dice < 80) await changeLateBucket(load)
  else await new Promise((resolve) => setTimeout(resolve, random.below(30)))
}

/** Names a bucket that is not there; or makes it, long after. */
async function changeLateBucket({ client, disturbances, random }: Load): Promise<void> {
  if (disturbances.isLateBucketThere) {
    await updateDestination(client, 'late', { BucketARN: bucketArn(`${LATE}${disturbances.lateBucket + 1}`) })
    disturbances.lateBucket++
    disturbances.isLateBucketThere = false
  } else if (random.below(8) === 0) await makeLateBucket(client, disturbances)
}

export async function makeLateBucket(client: Load['client'], disturbances: Disturbances): Promise<void> {
  // Also when it was thought to be there: an update that nobody answered may have named another.
  await makeNamedBuckets(client)
  disturbances.isLateBucketThere = true
}

/** Makes the bucket that `late` delivers to, whichever that is: who named it last may not have been answered. */
export async function makeNamedBuckets(client: Load['client']): Promise<void> {
  const { DeliveryStreamDescription: found } = await client.call<{
    DeliveryStreamDescription: { Destinations: [{ ExtendedS3DestinationDescription: { BucketARN: string } }] }
  }>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: 'late' })
  const named = found.Destinations[0].ExtendedS3DestinationDescription.BucketARN
  // What is sealed may go to the one before.
  const number = Number(named.slice(bucketArn(LATE).length))
  for (const one of [number - 1, number].filter((each) => each >= 0))
    await client.ok(`/${LATE}${one}`, { method: 'PUT' }).catch((error) => {
      if (!String(error).includes('BucketAlreadyOwnedByYou')) throw error
    })
}

interface Shard {
  readonly ShardId: string
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string }
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string }
}

/** Splits a shard anywhere, or merges any two neighbours. */
async function reshard({ client, random }: Load): Promise<void> {
  const StreamName = SOURCES.stream
  const { Shards } = await client.call<{ Shards: Shard[] }>('kinesis', 'ListShards', {
    StreamName,
    ShardFilter: { Type: 'AT_LATEST' },
  })
  const open = Shards.map((shard) => ({
    id: shard.ShardId,
    start: BigInt(shard.HashKeyRange.StartingHashKey),
    end: BigInt(shard.HashKeyRange.EndingHashKey),
  })).sort((a, b) => (a.start < b.start ? -1 : 1))
  const index = random.below(open.length)
  const shard = open[index]!
  const next = open[index + 1]
  if (next && (open.length >= MOST_SHARDS || random.below(2) === 0))
    await client.call('kinesis', 'MergeShards', {
      StreamName,
      ShardToMerge: shard.id,
      AdjacentShardToMerge: next.id,
    })
  else if (open.length < MOST_SHARDS) {
    const at = shard.start + ((shard.end - shard.start) * BigInt(1 + random.below(9))) / 10n
    await client.call('kinesis', 'SplitShard', {
      StreamName,
      ShardToSplit: shard.id,
      NewStartingHashKey: String(at),
    })
  }
}

const scale = ({ client, random }: Load) =>
  client.call('kinesis', 'UpdateShardCount', {
    StreamName: SOURCES.stream,
    TargetShardCount: random.pick([2, 3, 4]),
    ScalingType: 'UNIFORM_SCALING',
  })
