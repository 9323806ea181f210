import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACCOUNT,
  BUCKET,
  createActive,
  createLab,
  destination,
  fromStream,
  NAME,
  ROLE,
  START,
  STREAM_ARN,
} from './firehose-lab.ts'

const create = async (input: object) => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  return await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...input })
}
const refusal = (message: string, code = 'InvalidArgumentException') => ({ code, message })
const notSupported = (setting: string) =>
  refusal(`Standpipe does not support ${setting}. See COMPATIBILITY.md.`)

const plain = {
  RoleARN: ROLE,
  BucketARN: `arn:aws:s3:::${BUCKET}`,
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
  CompressionFormat: 'UNCOMPRESSED',
  EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  CloudWatchLoggingOptions: { Enabled: false },
}

test('a new delivery stream is CREATING, then ACTIVE, and described with the defaults of AWS', async () => {
  const lab = await createLab()
  const output = await lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...destination() })
  const arn = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/${NAME}`
  assert.deepEqual(output, { DeliveryStreamARN: arn })
  const description = {
    DeliveryStreamName: NAME,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: 'CREATING',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    CreateTimestamp: START,
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        S3DestinationDescription: plain,
        ExtendedS3DestinationDescription: {
          ...plain,
          ProcessingConfiguration: { Enabled: false, Processors: [] },
          S3BackupMode: 'Disabled',
        },
      },
    ],
    HasMoreDestinations: false,
  }
  const describe = () => lab.call('DescribeDeliveryStream', { DeliveryStreamName: NAME })
  assert.deepEqual(await describe(), { DeliveryStreamDescription: description })
  await lab.clock.advance(500)
  assert.deepEqual(await describe(), {
    DeliveryStreamDescription: { ...description, DeliveryStreamStatus: 'ACTIVE' },
  })
})

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

test('names are taken once, listed in order and by pages, and free again after deletion', async () => {
  const lab = await createLab()
  for (let index = 0; index < 12; index++)
    await lab.call('CreateDeliveryStream', {
      DeliveryStreamName: `s-${String(index).padStart(2, '0')}`,
      ...destination(),
    })
  await createActive(lab)
  await assert.rejects(
    lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...destination() }),
    refusal(`Firehose ${NAME} under accountId ${ACCOUNT} already exists`, 'ResourceInUseException'),
  )
  const first = await lab.call<{ DeliveryStreamNames: string[] }>('ListDeliveryStreams', {})
  assert.equal(first.DeliveryStreamNames.length, 10)
  assert.deepEqual(
    await lab.call('ListDeliveryStreams', {
      ExclusiveStartDeliveryStreamName: first.DeliveryStreamNames.at(-1),
    }),
    { DeliveryStreamNames: ['s-10', 's-11', NAME], HasMoreDeliveryStreams: false },
  )
  assert.deepEqual(await lab.call('ListDeliveryStreams', { DeliveryStreamType: 'KinesisStreamAsSource' }), {
    DeliveryStreamNames: [],
    HasMoreDeliveryStreams: false,
  })
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
  await lab.clock.advance(500)
  await createActive(lab)
  await lab.call('DeleteDeliveryStream', { DeliveryStreamName: NAME })
})

test('what is being created cannot be deleted, and what is not there neither', async () => {
  const lab = await createLab()
  const name = { DeliveryStreamName: NAME }
  await assert.rejects(lab.call('DeleteDeliveryStream', name), { code: 'ResourceNotFoundException' })
  await lab.call('CreateDeliveryStream', { ...name, ...destination() })
  await assert.rejects(lab.call('DeleteDeliveryStream', name), { code: 'ResourceInUseException' })
})

test('semantic errors carry the texts of AWS', async () => {
  for (const [input, expected] of [
    [{}, refusal('Exactly one destination configuration is supported for a Firehose')],
    [
      { ...destination(), S3DestinationConfiguration: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::b' } },
      refusal('Exactly one destination configuration is supported for a Firehose'),
    ],
    [
      { DeliveryStreamType: 'KinesisStreamAsSource', ...destination() },
      refusal('KinesisSourceStreamConfig is mandatory for KinesisStreamAsSource stream type.'),
    ],
    [
      {
        ...fromStream,
        KinesisStreamSourceConfiguration: {
          KinesisStreamARN: STREAM_ARN.replace('clicks', 'none'),
          RoleARN: ROLE,
        },
        ...destination(),
      },
      refusal(`Stream none under account ${ACCOUNT} not found.`, 'ResourceNotFoundException'),
    ],
    [
      destination({ CloudWatchLoggingOptions: { Enabled: true } }),
      refusal('CloudWatch Log Group Name is required if CloudWatch Logging is enabled'),
    ],
    [
      destination({ CustomTimeZone: 'Asia/Kolkata' }),
      refusal(
        'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
      ),
    ],
    [
      destination({ S3BackupMode: 'Enabled' }),
      refusal('S3 backup destination configuration is required when enabling S3 backup.'),
    ],
    [
      destination({ ProcessingConfiguration: { Enabled: true, Processors: [] } }),
      refusal('A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.'),
    ],
    [
      destination({ BufferingHints: { SizeInMBs: 5 } }),
      refusal('BufferingHints.SizeInMBs and BufferingHints.IntervalInSeconds must be specified together.'),
    ],
  ] as const)
    await assert.rejects(create(input), expected)
})

test('what is not supported is refused by name when it is switched on', async () => {
  for (const [input, setting] of [
    [
      destination({ ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'Lambda' }] } }),
      'the Lambda processor',
    ],
    [destination({ DataFormatConversionConfiguration: {} }), 'data format conversion'],
    [
      destination({
        EncryptionConfiguration: {
          KMSEncryptionConfig: { AWSKMSKeyARN: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1` },
        },
      }),
      'KMSEncryptionConfig',
    ],
    [{ RedshiftDestinationConfiguration: {} }, 'RedshiftDestinationConfiguration'],
    [{ HttpEndpointDestinationConfiguration: {} }, 'HttpEndpointDestinationConfiguration'],
    [{ DeliveryStreamType: 'MSKAsSource', ...destination() }, 'DeliveryStreamType MSKAsSource'],
  ] as const)
    await assert.rejects(create(input), notSupported(setting))
})

test('constraints are listed together, with the paths, order and enums of AWS', async () => {
  await assert.rejects(
    create(destination({ CompressionFormat: 'LZ4', FileExtension: '.' })),
    refusal(
      "2 validation errors detected: Value at 'extendedS3DestinationConfiguration.compressionFormat' failed to satisfy constraint: Member must satisfy enum value set: [ZIP, HADOOP_SNAPPY, Snappy, GZIP, UNCOMPRESSED]; Value at 'extendedS3DestinationConfiguration.fileExtension' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(|\\.[0-9a-z!\\-_.*'()]+)$",
      'ValidationException',
    ),
  )
  await assert.rejects(create({ DeliveryStreamName: 'no spaces', ...destination() }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'no spaces' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  })
})
