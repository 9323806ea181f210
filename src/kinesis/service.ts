import { service } from '../service/operation.ts'
import { accessesOf } from './accesses.ts'
import { callMetrics } from './call-metrics.ts'
import { toldOf } from './exceptions/kinds.ts'
import { throttled } from './exceptions/records.ts'
import { admitInRegion } from './in-region.ts'
import type { Kinesis } from './kinesis.ts'
import { addTagsToStream } from './operations/add-tags-to-stream.ts'
import { createChannel } from './operations/create-channel.ts'
import { createStream } from './operations/create-stream.ts'
import { decreaseStreamRetentionPeriod } from './operations/decrease-stream-retention-period.ts'
import { deleteChannel } from './operations/delete-channel.ts'
import { deleteResourcePolicy } from './operations/delete-resource-policy.ts'
import { deleteStream } from './operations/delete-stream.ts'
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.ts'
import { describeAccountSettings } from './operations/describe-account-settings.ts'
import { describeChannel } from './operations/describe-channel.ts'
import { describeLimits } from './operations/describe-limits.ts'
import { describeStream } from './operations/describe-stream.ts'
import { describeStreamConsumer } from './operations/describe-stream-consumer.ts'
import { describeStreamSummary } from './operations/describe-stream-summary.ts'
import { disableEnhancedMonitoring } from './operations/disable-enhanced-monitoring.ts'
import { enableEnhancedMonitoring } from './operations/enable-enhanced-monitoring.ts'
import { getRecords } from './operations/get-records.ts'
import { getResourcePolicy } from './operations/get-resource-policy.ts'
import { getShardIterator } from './operations/get-shard-iterator.ts'
import { increaseStreamRetentionPeriod } from './operations/increase-stream-retention-period.ts'
import { listChannels } from './operations/list-channels.ts'
import { listShards } from './operations/list-shards.ts'
import { listStreamConsumers } from './operations/list-stream-consumers.ts'
import { listStreams } from './operations/list-streams.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTagsForStream } from './operations/list-tags-for-stream.ts'
import { mergeShards } from './operations/merge-shards.ts'
import { putRecord } from './operations/put-record.ts'
import { putRecords } from './operations/put-records.ts'
import { putResourcePolicy } from './operations/put-resource-policy.ts'
import { registerStreamConsumer } from './operations/register-stream-consumer.ts'
import { removeTagsFromStream } from './operations/remove-tags-from-stream.ts'
import { splitShard } from './operations/split-shard.ts'
import { startStreamEncryption } from './operations/start-stream-encryption.ts'
import { stopStreamEncryption } from './operations/stop-stream-encryption.ts'
import { subscribeToShard } from './operations/subscribe-to-shard.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import { updateAccountSettings } from './operations/update-account-settings.ts'
import { updateChannel } from './operations/update-channel.ts'
import { updateMaxRecordSize } from './operations/update-max-record-size.ts'
import { updateShardCount } from './operations/update-shard-count.ts'
import { updateStreamMode } from './operations/update-stream-mode.ts'
import { updateStreamRecordDistributionStrategy } from './operations/update-stream-record-distribution-strategy.ts'
import { updateStreamWarmThroughput } from './operations/update-stream-warm-throughput.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
export const kinesisService = service<Kinesis>({
  id: 'Kinesis',
  signingName: 'kinesis',
  targetPrefix: 'Kinesis_20131202',
  validation: 'coral',
  accesses: accessesOf,
  admit: admitInRegion,
  metering: callMetrics,
  toldOf,
  throttled,
  operations: [
    addTagsToStream,
    createChannel,
    createStream,
    decreaseStreamRetentionPeriod,
    deleteChannel,
    deleteResourcePolicy,
    deleteStream,
    deregisterStreamConsumer,
    describeAccountSettings,
    describeChannel,
    describeLimits,
    describeStream,
    describeStreamConsumer,
    describeStreamSummary,
    disableEnhancedMonitoring,
    enableEnhancedMonitoring,
    getRecords,
    getResourcePolicy,
    getShardIterator,
    increaseStreamRetentionPeriod,
    listChannels,
    listShards,
    listStreamConsumers,
    listStreams,
    listTagsForResource,
    listTagsForStream,
    mergeShards,
    putRecord,
    putRecords,
    putResourcePolicy,
    registerStreamConsumer,
    removeTagsFromStream,
    splitShard,
    startStreamEncryption,
    stopStreamEncryption,
    subscribeToShard,
    tagResource,
    untagResource,
    updateAccountSettings,
    updateChannel,
    updateMaxRecordSize,
    updateShardCount,
    updateStreamMode,
    updateStreamRecordDistributionStrategy,
    updateStreamWarmThroughput,
  ],
  unsupported: [],
})
