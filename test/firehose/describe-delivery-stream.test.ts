import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsDeliveryStream } from './delivery-stream-refusals.ts'
import { BUCKET, createLab, destination, fromStream, NAME, ROLE, START, STREAM_ARN } from './firehose-lab.ts'

const plain = {
  RoleARN: ROLE,
  BucketARN: `arn:aws:s3:::${BUCKET}`,
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  CompressionFormat: 'UNCOMPRESSED',
  EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: { Enabled: false },
}

test('a Kinesis source and every setting that was given are described', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  const given = {
    Prefix: 'raw/!{timestamp:yyyy}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    CompressionFormat: 'GZIP',
    CloudWatchLoggingOptions: { Enabled: true, LogGroupName: '/aws/group', LogStreamName: 'S3Delivery' },
    FileExtension: '.json.gz',
    CustomTimeZone: 'Asia/Calcutta',
    DynamicPartitioningConfiguration: { Enabled: false },
    DataFormatConversionConfiguration: { Enabled: false },
  }
  await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...fromStream, ...destination(given) })
  const { DeliveryStreamDescription: found } = await lab.call<{
    DeliveryStreamDescription: {
      Source: object
      DeliveryStreamEncryptionConfiguration?: object
      Destinations: { ExtendedS3DestinationDescription: object }[]
    }
  }>('DescribeDeliveryStream', { DeliveryStreamName: NAME })
  assert.deepEqual(found.Source, {
    KinesisStreamSourceDescription: {
      KinesisStreamARN: STREAM_ARN,
      RoleARN: ROLE,
      DeliveryStartTimestamp: START,
    },
  })
  assert.equal(found.DeliveryStreamEncryptionConfiguration, undefined)
  assert.deepEqual(found.Destinations[0]?.ExtendedS3DestinationDescription, {
    ...plain,
    ...given,
    DynamicPartitioningConfiguration: { RetryOptions: { DurationInSeconds: 300 }, Enabled: false },
    ProcessingConfiguration: { Enabled: false, Processors: [] },
    S3BackupMode: 'Disabled',
  })
})

test('DescribeDeliveryStream wants a delivery stream that is there', async () => {
  await assertWantsDeliveryStream('DescribeDeliveryStream')
})
