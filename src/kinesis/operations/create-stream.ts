import { integer, required, structure } from '../../service/shape.ts'
import {
  distributionNeedsOnDemand,
  memberNotSupported,
  shardCountMissing,
  shardCountOnDemand,
} from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { checkQuotas } from '../quotas.ts'
import {
  maxRecordSizeInKiB,
  recordDistributionStrategy,
  streamModeDetails,
  streamName,
  tags,
} from '../shapes.ts'
import { createStream as created, DEFAULT_MAX_RECORD_KIB, ON_DEMAND_SHARDS } from '../stream.ts'
import { openStream } from '../stream-lifecycle.ts'
import { checkTags } from '../tags.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export const createStream = operation({
  name: 'CreateStream',
  input: structure({
    StreamName: required(streamName),
    ShardCount: integer({ min: 1 }),
    StreamModeDetails: streamModeDetails,
    Tags: tags,
    WarmThroughputMiBps: integer({ min: 0 }),
    MaxRecordSizeInKiB: maxRecordSizeInKiB,
    RecordDistributionStrategy: recordDistributionStrategy,
  }),
  output: structure({}),
  async handle(kinesis, input, { account, region }) {
    const { clock, random, stateDelayMs } = kinesis
    const ref = { account, region, streamName: input.StreamName }
    const { mode, shardCount } = capacityOf(input)
    refuseWithoutEffect(input, mode)
    checkTags(ref, input.Tags ?? {})
    if (kinesis.limits === 'aws') await checkQuotas(kinesis, ref, mode, shardCount)
    const now = Math.floor(clock.now())
    const stream = created({
      creationId: random.uuid(),
      mode,
      shardCount,
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

function refuseWithoutEffect(
  {
    WarmThroughputMiBps,
    RecordDistributionStrategy,
  }: { WarmThroughputMiBps?: number | undefined; RecordDistributionStrategy?: string | undefined },
  mode: 'PROVISIONED' | 'ON_DEMAND',
): void {
  if (WarmThroughputMiBps) throw memberNotSupported('CreateStream', 'WarmThroughputMiBps')
  if (RecordDistributionStrategy !== undefined && mode === 'PROVISIONED') throw distributionNeedsOnDemand()
  if (RecordDistributionStrategy === 'AUTO')
    throw memberNotSupported('CreateStream', 'the RecordDistributionStrategy AUTO')
}
