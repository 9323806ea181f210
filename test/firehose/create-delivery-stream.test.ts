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

test('a name is taken once', async () => {
  const lab = await createLab()
  await createActive(lab)
  await assert.rejects(
    lab.call('CreateDeliveryStream', { DeliveryStreamName: NAME, ...destination() }),
    refusal(`Firehose ${NAME} under accountId ${ACCOUNT} already exists`, 'ResourceInUseException'),
  )
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

test('encryption by Firehose is not for a Kinesis source', async () => {
  await assert.rejects(
    create({
      ...fromStream,
      ...destination(),
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    }),
    refusal(
      'Server side encryption from firehose is only allowed for direct put delivery streams and database as a source delivery streams',
    ),
  )
})

test('what is not supported is refused by name when it is switched on', async () => {
  for (const [input, setting] of [
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
