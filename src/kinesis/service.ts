import { service } from '../service/operation.ts'
import type { Kinesis } from './kinesis.ts'
import { createStream } from './operations/create-stream.ts'
import { deleteStream } from './operations/delete-stream.ts'
import { describeStream } from './operations/describe-stream.ts'
import { describeStreamSummary } from './operations/describe-stream-summary.ts'
import { getRecords } from './operations/get-records.ts'
import { getShardIterator } from './operations/get-shard-iterator.ts'
import { listShards } from './operations/list-shards.ts'
import { listStreams } from './operations/list-streams.ts'
import { putRecord } from './operations/put-record.ts'
import { putRecords } from './operations/put-records.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
export const kinesisService = service<Kinesis>({
  id: 'Kinesis',
  signingName: 'kinesis',
  targetPrefix: 'Kinesis_20131202',
  validation: 'coral',
  operations: [
    createStream,
    deleteStream,
    describeStream,
    describeStreamSummary,
    getRecords,
    getShardIterator,
    listShards,
    listStreams,
    putRecord,
    putRecords,
  ],
  unsupported: [
    'AddTagsToStream',
    'CreateChannel',
    'DecreaseStreamRetentionPeriod',
    'DeleteChannel',
    'DeleteResourcePolicy',
    'DeregisterStreamConsumer',
    'DescribeAccountSettings',
    'DescribeChannel',
    'DescribeLimits',
    'DescribeStreamConsumer',
    'DisableEnhancedMonitoring',
    'EnableEnhancedMonitoring',
    'GetResourcePolicy',
    'IncreaseStreamRetentionPeriod',
    'ListChannels',
    'ListStreamConsumers',
    'ListTagsForResource',
    'ListTagsForStream',
    'MergeShards',
    'PutResourcePolicy',
    'RegisterStreamConsumer',
    'RemoveTagsFromStream',
    'SplitShard',
    'StartStreamEncryption',
    'StopStreamEncryption',
    'SubscribeToShard',
    'TagResource',
    'UntagResource',
    'UpdateAccountSettings',
    'UpdateChannel',
    'UpdateMaxRecordSize',
    'UpdateShardCount',
    'UpdateStreamMode',
    'UpdateStreamRecordDistributionStrategy',
    'UpdateStreamWarmThroughput',
  ],
})
