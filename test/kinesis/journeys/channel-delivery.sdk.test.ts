import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  CreateChannelCommand,
  CreateStreamCommand,
  DeleteChannelCommand,
  DescribeChannelCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
  type RecordFormatType,
  type S3StorageConfiguration,
  UpdateChannelCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { fetchSigned } from '../../client-access.ts'
import { makeDeliveryRole } from '../../delivery-role.ts'
import { clientOf, startServer } from '../../server.ts'

const Bucket = 'archive'
const StreamName = 'orders'
const ACCOUNT = '000000000000'
const storage = (more: Partial<S3StorageConfiguration> = {}): S3StorageConfiguration => ({
  BucketARN: `arn:aws:s3:::${Bucket}`,
  ExpectedBucketOwner: ACCOUNT,
  CompressionType: 'NONE',
  ...more,
})
const channel = (RecordFormatType: RecordFormatType, StorageConfiguration = storage()) => ({
  ChannelName: 'to-archive',
  ServiceExecutionRoleARN: `arn:aws:iam::${ACCOUNT}:role/delivery`,
  StreamConfigurationList: [
    {
      StreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
      RecordConfiguration: { RecordFormatType },
    },
  ],
  S3DestinationConfiguration: { StorageConfiguration },
})

async function withStream(context: TestContext) {
  const server = await startServer(context)
  const kinesis = clientOf(context, new KinesisClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await makeDeliveryRole(server.endpoint, 'delivery')
  await s3.send(new CreateBucketCommand({ Bucket }))
  await kinesis.send(new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }))
  const put = async (...records: (string | Uint8Array)[]) => {
    const Records = records.map((data, index) => ({ PartitionKey: String(index), Data: Buffer.from(data) }))
    return (await kinesis.send(new PutRecordsCommand({ StreamName, Records }))).Records!
  }
  const objects = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
    return await Promise.all(
      Contents.map(async ({ Key, StorageClass }) => {
        const { Body, ContentEncoding } = await s3.send(new GetObjectCommand({ Bucket, Key }))
        const bytes = await Body!.transformToByteArray()
        return { key: Key!, storageClass: StorageClass, encoding: ContentEncoding, bytes }
      }),
    )
  }
  return { ...server, server, kinesis, s3, put, objects }
}

test('a channel delivers what is put after its creation, when the data is five minutes old', async (context) => {
  const { kinesis, put, objects, clock } = await withStream(context)
  await put('before;')
  const { ChannelDescription } = await kinesis.send(new CreateChannelCommand(channel('BYTE_ARRAY')))
  assert.equal(ChannelDescription?.ChannelStatus, 'CREATING')
  await put('1;', '2;', '3;')
  await clock.advance('4m59s')
  assert.deepEqual(await objects(), [])
  await clock.advance('1s')
  const [object, ...others] = await objects()
  assert.deepEqual(others, [])
  assert.deepEqual(Buffer.from(object!.bytes).toString().split(';').sort(), ['', '1', '2', '3'])
  const id = ChannelDescription?.ChannelId
  assert.match(
    object!.key,
    new RegExp(
      `^kinesis-channel/to-archive/${id}/\\d{4}/\\d\\d/\\d\\d/\\d\\d/to-archive-${id}-[\\d-]{16}-[\\da-f-]{36}$`,
    ),
  )
})

for (const [CompressionType, extension, encoding, decompress] of [
  ['GZIP', '.gz', 'gzip', gunzipSync],
  ['ZSTD', '.zst', 'zstd', zstdDecompressSync],
] as const)
  test(`a channel delivers ${CompressionType} objects in their storage class, by their template`, async (context) => {
    const { kinesis, put, objects, clock } = await withStream(context)
    const StorageConfiguration = storage({
      CompressionType,
      StorageClass: 'GLACIER_IR',
      OutputKeyTemplate: 'stream=!{stream-name}/!{channel-name}!{extension}',
    })
    await kinesis.send(new CreateChannelCommand(channel('BYTE_ARRAY', StorageConfiguration)))
    await put('text')
    await clock.advance('5m')
    const [object] = await objects()
    assert.match(object!.key, new RegExp(`^stream=orders/to-archive-[\\da-f-]{36}\\${extension}$`))
    assert.equal(object!.encoding, encoding)
    assert.equal(object!.storageClass, 'GLACIER_IR')
    assert.equal(decompress(object!.bytes).toString(), 'text')
  })

test('records that are no JSON go to the dead letters with their place in the stream', async (context) => {
  const { kinesis, put, objects, clock, server } = await withStream(context)
  await kinesis.send(new CreateChannelCommand(channel('JSON')))
  const [right, wrong] = await put('{"a":1}', 'no JSON')
  await clock.advance('5m')
  const [delivered, letters] = (await objects()).toSorted((one) => (one.key.includes('errors') ? 1 : -1))
  assert.equal(Buffer.from(delivered!.bytes).toString(), '{"a":1}')
  assert.match(letters!.key, /^kinesis-channel\/errors\/to-archive\/[\da-f-]{36}\/to-archive-/)
  const [line, ...rest] = Buffer.from(letters!.bytes).toString().trimEnd().split('\n')
  assert.deepEqual(rest, [])
  assert.partialDeepStrictEqual(JSON.parse(line!), {
    rawData: Buffer.from('no JSON').toString('base64'),
    errorCode: 'InvalidRecordFormat',
    streamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${StreamName}`,
    shardId: wrong!.ShardId,
    sequenceNumber: wrong!.SequenceNumber,
  })
  const landed = async (sequenceNumber = '') => await server.landed({ stream: StreamName, sequenceNumber })
  assert.partialDeepStrictEqual(await landed(right!.SequenceNumber), [
    { state: 'delivered', key: delivered!.key },
  ])
  assert.partialDeepStrictEqual(await landed(wrong!.SequenceNumber), [{ state: 'failed', key: letters!.key }])
})

test('a channel delivers from every shard that its stream grows, each record once', async (context) => {
  const { kinesis, put, objects, clock, deliver } = await withStream(context)
  await kinesis.send(new CreateChannelCommand(channel('STRING')))
  const texts = Array.from({ length: 60 }, (_, index) => `${index};`)
  for (let start = 0; start < texts.length; start += 20) {
    await put(...texts.slice(start, start + 20))
    const big = Array.from({ length: 9 }, () => Buffer.alloc(1_000_000, 'x;'))
    // Enough for the on-demand stream to split its shards.
    await put(...big)
    await clock.advance('1s')
  }
  assert.ok((await deliver('to-archive')).objects.length > 0)
  const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))
  assert.ok(summary.StreamDescriptionSummary!.OpenShardCount! > 4)
  const delivered = (await objects()).map(({ bytes }) => Buffer.from(bytes).toString()).join('')
  const words = delivered.split(';').filter((word) => /^\d+$/.test(word))
  assert.deepEqual(words.map((word) => `${word};`).sort(), texts.toSorted())
})

test('an update changes when a channel delivers; a deletion ends it and leaves the rest in the stream', async (context) => {
  const { kinesis, put, objects, clock } = await withStream(context)
  const { ChannelDescription } = await kinesis.send(new CreateChannelCommand(channel('BYTE_ARRAY')))
  const { ChannelARN } = ChannelDescription!
  const S3DestinationConfiguration = { DataFreshnessInSeconds: 900 }
  await kinesis.send(new UpdateChannelCommand({ ChannelARN, S3DestinationConfiguration }))
  await put('1;')
  await clock.advance('10m')
  assert.deepEqual(await objects(), [])
  await clock.advance('5m')
  assert.equal((await objects()).length, 1)
  await put('2;')
  await clock.advance('1m')
  await kinesis.send(new DeleteChannelCommand({ ChannelARN }))
  await clock.advance('1h')
  assert.equal((await objects()).length, 1)
  await assert.rejects(kinesis.send(new DescribeChannelCommand({ ChannelARN })), {
    name: 'ResourceNotFoundException',
  })
})

test('a channel to a bucket that is missing, or of somebody else, is FAILED and says why', async (context) => {
  const { kinesis } = await withStream(context)
  for (const [more, why] of [
    [{ BucketARN: 'arn:aws:s3:::nowhere' }, /nowhere: The specified bucket does not exist/],
    [{ ExpectedBucketOwner: '999999999999' }, /archive: Access Denied/],
  ] as const) {
    const { ChannelDescription } = await kinesis.send(
      new CreateChannelCommand(channel('JSON', storage(more))),
    )
    const { ChannelARN } = ChannelDescription!
    const described = await kinesis.send(new DescribeChannelCommand({ ChannelARN }))
    assert.equal(described.ChannelDescription?.ChannelStatus, 'FAILED')
    assert.match(described.ChannelDescription?.ChannelStatusReason ?? '', why)
    await kinesis.send(new DeleteChannelCommand({ ChannelARN }))
  }
})

test("a channel's metrics are shown by CloudWatch's names", async (context) => {
  const { kinesis, put, clock, endpoint } = await withStream(context)
  const { ChannelDescription } = await kinesis.send(new CreateChannelCommand(channel('JSON')))
  await put('{"a":1}', 'no JSON')
  await clock.advance('5m')
  const text = await (await fetchSigned(`${endpoint}/_standpipe/metrics`)).text()
  const labels = `channel_id="${ChannelDescription?.ChannelId}",channel_name="to-archive",stream_name="orders"`
  for (const line of [
    `aws_kinesis_delivery_to_s3_record_count_sum{${labels}} 2`,
    `aws_kinesis_delivery_to_s3_bytes_in_sum{${labels}} 14`,
    `aws_kinesis_delivery_to_s3_successful_record_count_sum{${labels}} 1`,
    `aws_kinesis_delivery_to_s3_failed_record_count_sum{${labels}} 1`,
    `aws_kinesis_delivery_to_s3_data_freshness_sum{${labels}} 300`,
  ])
    assert.ok(text.includes(`${line}\n`), `${line}\n\n${text}`)
})
