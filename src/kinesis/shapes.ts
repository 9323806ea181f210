import { accountId, regionName } from '../service/arn.ts'
import {
  blob,
  boolean,
  integer,
  list,
  long,
  map,
  oneOf,
  required,
  string,
  structure,
  timestamp,
  waivable,
} from '../service/shape.ts'
import { SHARD_LEVEL_METRICS } from './usage.ts'

/** Shapes that several operations share, in AWS's member order; enum members in the order in which AWS prints them. */
const NAME = { min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' }

export const streamName = string(NAME)
/** What names a stream, for tokens that hold it. */
export const streamRefMembers = {
  account: required(accountId),
  region: required(regionName),
  streamName: required(streamName),
}
export const streamArn = string({ min: 1, max: 2_048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+' })
/** AWS reserves it: accepted, without effect there as here. */
export const streamId = string({ min: 1, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' })
export const shardId = string(NAME)
export const shardIterator = string({ min: 1, max: 512 })
export const nextToken = string({ min: 1, max: 1_048_576 })
export const sequenceNumber = string({ pattern: '0|([1-9]\\d{0,128})' })
export const hashKey = string({ pattern: '0|([1-9]\\d{0,38})' })
export const partitionKey = string({ min: 1, max: 256 })
/** Of a record that is put: needed but by streams that distribute records themselves. */
export const putPartitionKey = waivable(partitionKey)
export const data = blob({ min: 0, max: 10_485_760 })
export const dryRun = boolean()
export const encryptionType = oneOf('NONE', 'KMS')
export const streamStatus = oneOf('CREATING', 'DELETING', 'ACTIVE', 'UPDATING')
export const streamModeDetails = structure({ StreamMode: required(oneOf('PROVISIONED', 'ON_DEMAND')) })
export const maxRecordSizeInKiB = integer({ min: 1_024, max: 10_240 })
export const recordDistributionStrategy = oneOf('AUTO', 'USER_PARTITION_KEY')
export const tagKey = string({ min: 1, max: 128 })
export const tags = map(tagKey, string({ min: 0, max: 256 }), { min: 1, max: 200 })
export const limit = integer({ min: 1, max: 10_000 })

export const hashKeyRange = structure({
  StartingHashKey: required(hashKey),
  EndingHashKey: required(hashKey),
})

export const shard = structure({
  ShardId: required(shardId),
  ParentShardId: shardId,
  AdjacentParentShardId: shardId,
  HashKeyRange: required(hashKeyRange),
  SequenceNumberRange: required(
    structure({ StartingSequenceNumber: required(sequenceNumber), EndingSequenceNumber: sequenceNumber }),
  ),
})

export const childShard = structure({
  ShardId: required(shardId),
  ParentShards: required(list(shardId)),
  HashKeyRange: required(hashKeyRange),
})

export const record = structure({
  SequenceNumber: required(sequenceNumber),
  ApproximateArrivalTimestamp: timestamp(),
  Data: required(data),
  PartitionKey: partitionKey,
  EncryptionType: encryptionType,
})

export const millisBehindLatest = long({ min: 0 })

export const shardLevelMetrics = list(oneOf(...SHARD_LEVEL_METRICS, 'ALL'), { min: 1, max: 7 })
export const enhancedMonitoring = list(structure({ ShardLevelMetrics: shardLevelMetrics }))

/** What changed of a stream's shard-level metrics. */
export const monitoringOutput = structure({
  StreamName: streamName,
  CurrentShardLevelMetrics: shardLevelMetrics,
  DesiredShardLevelMetrics: shardLevelMetrics,
  StreamARN: streamArn,
})

export const consumerName = string(NAME)
const CONSUMER_ARN =
  '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+'
// JavaScript's `u` flag refuses the escaped slashes.
export const consumerArn = string({
  min: 1,
  max: 2_048,
  pattern: CONSUMER_ARN,
  accepts: /^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+$/,
})
export const consumerStatus = oneOf('CREATING', 'DELETING', 'ACTIVE')
export const consumer = structure({
  ConsumerName: required(consumerName),
  ConsumerARN: required(consumerArn),
  ConsumerStatus: required(consumerStatus),
  ConsumerCreationTimestamp: required(timestamp()),
})

/** Of a stream or of a consumer. */
export const resourceArn = string({
  min: 1,
  max: 2_048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+',
})
/** What carries tags: channels too, which botocore's model (and so the pattern that is printed) does not know yet. */
export const taggedArn = string({
  ...resourceArn,
  accepts: /^arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel)\/\S+$/s,
})
export const policy = string()
export const tagList = list(structure({ Key: required(tagKey), Value: string({ min: 0, max: 256 }) }), {
  min: 0,
  max: 200,
})
export const tagKeys = list(tagKey, { min: 1, max: 50 })

export const keyId = string({ min: 1, max: 2_048 })
export const warmThroughputMiBps = integer({ min: 0 })
export const warmThroughput = structure({
  TargetMiBps: warmThroughputMiBps,
  CurrentMiBps: warmThroughputMiBps,
})

export const commitment = structure({
  Status: required(oneOf('ENABLED', 'DISABLED', 'ENABLED_UNTIL_EARLIEST_ALLOWED_END')),
  StartedAt: timestamp(),
  EndedAt: timestamp(),
  EarliestAllowedEndAt: timestamp(),
})
