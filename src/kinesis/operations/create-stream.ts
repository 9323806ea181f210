import { integer, nothing, required, structure } from '../../service/shape.ts'
import {
  distributionNeedsOnDemand,
  onlyWithOnDemand,
  shardCountMissing,
  shardCountOnDemand,
} from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { checkWarmThroughput } from '../limits/on-demand-shards.ts'
import { checkQuotas, checkShardCount } from '../limits/quotas.ts'
import { checkTags } from '../resource.ts'
import {
  maxRecordSizeInKiB,
  recordDistributionStrategy,
  streamModeDetails,
  streamName,
  tags,
  warmThroughputMiBps,
} from '../shapes.ts'
import { openStream } from '../streams/changes.ts'
import { createStream as created, DEFAULT_MAX_RECORD_KIB, ON_DEMAND_SHARDS } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const createStream = operation({
  name: 'CreateStream',
  input: structure({
    StreamName: required(streamName),
    ShardCount: integer({ min: 1, privateMax: 100_000 }),
    StreamModeDetails: streamModeDetails,
    Tags: tags,
    WarmThroughputMiBps: warmThroughputMiBps,
    MaxRecordSizeInKiB: maxRecordSizeInKiB,
    RecordDistributionStrategy: recordDistributionStrategy,
  }),
  output: nothing,
  async handle(kinesis, input, { account, region }) {
    const { clock, random, stateDelayMs } = kinesis
    const ref = { account, region, streamName: input.StreamName }
    const { mode, shardCount } = capacityOf(input)
    const { RecordDistributionStrategy, WarmThroughputMiBps } = input
    if (mode === 'PROVISIONED' && RecordDistributionStrategy !== undefined) throw distributionNeedsOnDemand()
    if (mode === 'PROVISIONED' && WarmThroughputMiBps !== undefined)
      throw onlyWithOnDemand('WarmThroughputMiBps')
    if (WarmThroughputMiBps !== undefined) await checkWarmThroughput(kinesis, ref, WarmThroughputMiBps)
    checkTags(ref, input.Tags ?? {})
    if (kinesis.limits === 'aws') await checkQuotas(kinesis, ref, mode, shardCount)
    checkShardCount(0, shardCount)
    const now = Math.floor(clock.now())
    const stream = created({
      creationId: random.uuid(),
      mode,
      shardCount: Math.max(shardCount, WarmThroughputMiBps ?? 0),
      ...(RecordDistributionStrategy && { recordDistributionStrategy: RecordDistributionStrategy }),
      ...(WarmThroughputMiBps !== undefined && { warmThroughputMiBps: WarmThroughputMiBps }),
      maxRecordSizeInKiB: input.MaxRecordSizeInKiB ?? DEFAULT_MAX_RECORD_KIB,
      tags: input.Tags ?? {},
      now,
      activeAt: now + stateDelayMs,
    })
    await openStream(kinesis, ref, stream)
    return {}
  },
})

interface Capacity {
  readonly ShardCount?: number | undefined
  readonly StreamModeDetails?: { readonly StreamMode: 'PROVISIONED' | 'ON_DEMAND' } | undefined
}

/** AWS makes 4 shards when neither is given (recorded in 2022), as many as on-demand streams begin with. */
function capacityOf({ ShardCount, StreamModeDetails }: Capacity) {
  const mode = StreamModeDetails?.StreamMode ?? (ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED')
  if (mode === 'PROVISIONED' && ShardCount === undefined) throw shardCountMissing()
  if (mode === 'ON_DEMAND' && ShardCount !== undefined) throw shardCountOnDemand()
  return { mode, shardCount: ShardCount ?? ON_DEMAND_SHARDS } as const
}
