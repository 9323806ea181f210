import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Firehose } from '@aws-sdk/client-firehose'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { S3 } from '@aws-sdk/client-s3'
import { fetchSigned } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'

const ROLE = 'arn:aws:iam::000000000000:role/firehose'
const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
const Bucket = 'lake'
const DAYS = 30
/** Half a month fills a buffer of 1 MiB. */
const recordOf = (name: string, day: number) =>
  `${JSON.stringify({ name, day, filling: 'x'.repeat(60_000) })}\n`

async function life(t: TestContext, data: string, startAt?: string) {
  const standpipe = await startServer(t, {
    data,
    ephemeral: false,
    clock: 'manual',
    limits: 'off',
    ...(startAt && { startAt }),
  })
  const { clientConfig } = standpipe
  return {
    standpipe,
    kinesis: clientOf(t, new Kinesis(clientConfig)),
    firehose: clientOf(t, new Firehose(clientConfig)),
    s3: clientOf(t, new S3(clientConfig)),
    health: async () =>
      JSON.parse(await (await fetchSigned(`${standpipe.endpoint}/_standpipe/health`)).text()) as {
        problems: { code: string; where: string; what: string }[]
      },
  }
}

/** A channel's batch that was tried for a day is among its errors. */
const dayOf = (line: string): number => {
  const { day, rawData } = JSON.parse(line)
  return day ?? JSON.parse(Buffer.from(rawData, 'base64').toString()).day
}

type Life = Awaited<ReturnType<typeof life>>

async function made({ standpipe, kinesis, firehose, s3 }: Life): Promise<void> {
  await makeDeliveryRole(standpipe.endpoint)
  await s3.createBucket({ Bucket })
  await kinesis.createStream({ StreamName: 'clicks', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await standpipe.clock.advance('1m')
  await kinesis.startStreamEncryption({
    StreamName: 'clicks',
    EncryptionType: 'KMS',
    KeyId: 'alias/own',
  })
  await standpipe.clock.advance('1m')
  await kinesis.increaseStreamRetentionPeriod({ StreamName: 'clicks', RetentionPeriodHours: 24 * 60 })
  const S3DestinationConfiguration = {
    ...{ RoleARN: ROLE, BucketARN: `arn:aws:s3:::${Bucket}` },
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 900 },
  }
  await firehose.createDeliveryStream({
    ...{
      DeliveryStreamName: 'direct',
      S3DestinationConfiguration: { ...S3DestinationConfiguration, Prefix: 'direct/' },
    },
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
  })
  await firehose.createDeliveryStream({
    ...{ DeliveryStreamName: 'read', DeliveryStreamType: 'KinesisStreamAsSource' },
    KinesisStreamSourceConfiguration: { KinesisStreamARN: STREAM, RoleARN: ROLE },
    S3DestinationConfiguration: { ...S3DestinationConfiguration, Prefix: 'read/' },
  })
  await kinesis.createChannel({
    ...{ ChannelName: 'archive', ServiceExecutionRoleARN: ROLE },
    StreamConfigurationList: [{ StreamARN: STREAM, RecordConfiguration: { RecordFormatType: 'JSON' } }],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        ...{
          BucketARN: `arn:aws:s3:::${Bucket}`,
          ExpectedBucketOwner: '000000000000',
          CompressionType: 'NONE',
        },
      },
    },
  })
  await standpipe.clock.advance('1m')
  await s3.deleteBucket({ Bucket })
}

test('encrypted records of a stream and of a buffer are delivered after 30 days without a bucket, to delivery streams and a channel', async (t) => {
  const data = temporaryFolder(t)
  let now = await life(t, data)
  await made(now)
  for (let day = 0; day < DAYS; day++) {
    const { kinesis, firehose, standpipe } = now
    const direct = Buffer.from(recordOf('direct', day))
    await firehose.putRecord({ DeliveryStreamName: 'direct', Record: { Data: direct } })
    const Data = Buffer.from(recordOf('stream', day))
    await kinesis.putRecord({ StreamName: 'clicks', PartitionKey: `${day}`, Data })
    await standpipe.clock.advance('1d')
    if (day % 10 !== 9) continue
    await standpipe.close()
    now = await life(t, data)
  }
  const { standpipe, s3, health } = now
  await standpipe.clock.advance('1h')
  const failing = (await health()).problems.map(({ code, where }) => `${code} ${where}`).sort()
  assert.deepEqual(failing, [
    'DeliveryFailing channel archive',
    'DeliveryFailing delivery stream direct',
    'DeliveryFailing delivery stream read',
  ])
  await s3.createBucket({ Bucket })
  await standpipe.clock.advance('1h')
  assert.deepEqual((await health()).problems, [])
  const { Contents = [] } = await s3.listObjectsV2({ Bucket })
  const found = new Map<string, number[]>()
  for (const { Key } of Contents) {
    const text = await (await s3.getObject({ Bucket, Key })).Body!.transformToString()
    const from = /^(direct|read)\//.exec(Key!)?.[1] ?? 'archive'
    const days = text.trimEnd().split('\n').map(dayOf)
    found.set(from, [...(found.get(from) ?? []), ...days])
  }
  const all = Array.from({ length: DAYS }, (_, day) => day)
  for (const from of ['direct', 'read', 'archive'])
    assert.deepEqual(
      found.get(from)?.sort((one, other) => one - other),
      all,
      from,
    )
})
