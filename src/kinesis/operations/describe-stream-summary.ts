import { integer, required, string, structure, timestamp } from '../../service/shape.ts'
import { consumersOf } from '../consumers/consumer.ts'
import { operation } from '../kinesis.ts'
import { describedWarmThroughput } from '../limits/on-demand-shards.ts'
import {
  encryptionType,
  enhancedMonitoring,
  maxRecordSizeInKiB,
  recordDistributionStrategy,
  streamArn,
  streamId,
  streamModeDetails,
  streamName,
  streamStatus,
  warmThroughput,
} from '../shapes.ts'
import { isOpen } from '../shards/shard.ts'
import { described } from '../streams/description.ts'
import { requestedStream } from '../streams/requested.ts'
import { visibleShardsOf } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html */
export const describeStreamSummary = operation({
  name: 'DescribeStreamSummary',
  input: structure({ StreamName: streamName, StreamARN: streamArn, StreamId: streamId }),
  output: structure({
    StreamDescriptionSummary: required(
      structure({
        StreamName: required(streamName),
        StreamARN: required(streamArn),
        StreamId: streamId,
        StreamStatus: required(streamStatus),
        StreamModeDetails: streamModeDetails,
        RetentionPeriodHours: required(integer()),
        StreamCreationTimestamp: required(timestamp()),
        EnhancedMonitoring: required(enhancedMonitoring),
        EncryptionType: encryptionType,
        KeyId: string({ min: 1, max: 2_048 }),
        OpenShardCount: required(integer({ min: 0, max: 1_000_000 })),
        ConsumerCount: integer({ min: 0, max: 1_000_000 }),
        WarmThroughput: warmThroughput,
        MaxRecordSizeInKiB: maxRecordSizeInKiB,
        ChannelCount: integer({ min: 0 }),
        RecordDistributionStrategy: recordDistributionStrategy,
      }),
    ),
  }),
  async handle({ streams, clock }, input, caller) {
    const found = await streams.get(requestedStream(input, caller))
    const { stream } = found
    const now = clock.now()
    return {
      StreamDescriptionSummary: {
        ...described(found, now),
        OpenShardCount: visibleShardsOf(stream, now).filter(isOpen).length,
        ConsumerCount: consumersOf(stream, now).length,
        MaxRecordSizeInKiB: stream.maxRecordSizeInKiB,
        ChannelCount: stream.channels?.length ?? 0,
        ...(stream.mode === 'ON_DEMAND' && {
          RecordDistributionStrategy: stream.recordDistributionStrategy ?? 'USER_PARTITION_KEY',
        }),
        ...(stream.warmThroughputMiBps !== undefined && {
          WarmThroughput: describedWarmThroughput(stream),
        }),
      },
    }
  },
})
