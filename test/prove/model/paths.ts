import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type ExtendedS3DestinationConfiguration,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose'
import type { Seeded } from '../seeded.ts'
import type { Ledger, Path } from './ledger.ts'
import type { Site } from './site.ts'

export const STREAM = 'clicks'
export const BUCKETS = ['one', 'two']
const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
const KinesisStreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${STREAM}`

type Settings = Pick<
  ExtendedS3DestinationConfiguration,
  'BucketARN' | 'BufferingHints' | 'CompressionFormat' | 'Prefix' | 'ErrorOutputPrefix'
>

/** What an update may change as well. */
function settingsOf(chance: Seeded, { name, isPartitioned }: Pick<Path, 'name' | 'isPartitioned'>): Settings {
  return {
    BucketARN: `arn:aws:s3:::${chance.pick(BUCKETS)}`,
    BufferingHints: {
      SizeInMBs: isPartitioned ? 64 : 1,
      IntervalInSeconds: chance.pick(isPartitioned ? [60, 300] : [0, 60, 300, 900]),
    },
    CompressionFormat: chance.pick(['UNCOMPRESSED', 'GZIP']),
    Prefix: isPartitioned
      ? `${name}/objects/!{partitionKeyFromQuery:customer}/`
      : `${name}/objects/all/!{timestamp:yyyy}/`,
    ErrorOutputPrefix: `${name}/errors/!{firehose:error-output-type}/`,
  }
}

const partitioning = (customers: string) => ({
  DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction' as const,
        Parameters: [
          { ParameterName: 'MetadataExtractionQuery' as const, ParameterValue: customers },
          { ParameterName: 'JsonParsingEngine' as const, ParameterValue: 'JQ-1.6' },
        ],
      },
    ],
  },
})

/** `isPlain`: one that reads the stream into small objects. */
export async function createPath(site: Site, ledger: Ledger, chance: Seeded, isPlain = false): Promise<Path> {
  const path: Path = {
    name: `path-${ledger.paths.length}`,
    isDirectPut: !isPlain && chance.below(4) === 0,
    isPartitioned: !isPlain && chance.below(3) === 0,
    hasBackup: chance.below(3) === 0,
    from: ledger.records.length,
    version: 1,
  }
  const { name, isDirectPut, isPartitioned, hasBackup } = path
  const backup = { RoleARN, BucketARN: `arn:aws:s3:::${chance.pick(BUCKETS)}`, Prefix: `${name}/backup/` }
  await site.firehose().send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: name,
      ...(!isDirectPut && {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
      }),
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        ...settingsOf(chance, path),
        ...(isPartitioned && partitioning('{customer: .customer}')),
        ...(hasBackup && { S3BackupMode: 'Enabled', S3BackupConfiguration: backup }),
      },
    }),
  )
  await site.advance('1m')
  ledger.paths.push(path)
  return path
}

export async function updatePath(site: Site, path: Path, chance: Seeded): Promise<void> {
  const DeliveryStreamName = path.name
  const described = await site.firehose().send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))
  await site.firehose().send(
    new UpdateDestinationCommand({
      DeliveryStreamName,
      CurrentDeliveryStreamVersionId: described.DeliveryStreamDescription!.VersionId!,
      DestinationId: 'destinationId-000000000001',
      ExtendedS3DestinationUpdate: { RoleARN, ...settingsOf(chance, path) },
    }),
  )
}
