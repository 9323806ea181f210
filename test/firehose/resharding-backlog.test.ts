import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'

const StreamName = 'clicks'
const Bucket = 'late'
const QUARTER = String(2n ** 126n)
const HALF = String(2n ** 127n)
const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

test('with a backlog, what is split, merged and split again is delivered once, in the order of its descent', async (t) => {
  const server = await startServer(t)
  const kinesis = clientOf(t, new KinesisClient(server.clientConfig))
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(t, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(t, new S3Client(server.clientConfig))
  const settle = () => server.clock.advance('1m')
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  await settle()
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'to-late',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
        RoleARN,
      },
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: `arn:aws:s3:::${Bucket}`,
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      },
    }),
  )
  await settle()
  const names: string[] = []
  const put = async (name: string, count: number, ExplicitHashKey: string, sizeBytes = 0) => {
    for (let from = 0; from < count; from += 500) {
      const Records = Array.from({ length: Math.min(500, count - from) }, (_, index) => {
        names.push(`${name}-${from + index}`)
        return {
          PartitionKey: 'k',
          ExplicitHashKey,
          Data: Buffer.from(`${names.at(-1)!.padEnd(sizeBytes)}\n`),
        }
      })
      const { FailedRecordCount } = await kinesis.send(new PutRecordsCommand({ StreamName, Records }))
      assert.equal(FailedRecordCount, 0)
      // Shards take 1 MB a second.
      await server.clock.advance('1s')
    }
  }
  const openAt = async (hashKey: string) => {
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }))
    const isOpenAt = ({ HashKeyRange, SequenceNumberRange }: (typeof Shards)[number]) =>
      !SequenceNumberRange?.EndingSequenceNumber &&
      BigInt(HashKeyRange!.StartingHashKey!) <= BigInt(hashKey) &&
      BigInt(hashKey) <= BigInt(HashKeyRange!.EndingHashKey!)
    return Shards.find(isOpenAt)!.ShardId
  }
  const split = async (hashKey: string, NewStartingHashKey: string) => {
    const ShardToSplit = await openAt(hashKey)
    await kinesis.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey }))
    await settle()
  }
  await put('parent', 3000, '1', 1000)
  await put('beside', 10, HALF)
  await split('1', QUARTER)
  await put('upper', 5, QUARTER)
  const merge = { ShardToMerge: await openAt(QUARTER), AdjacentShardToMerge: await openAt(HALF) }
  await kinesis.send(new MergeShardsCommand({ StreamName, ...merge }))
  await settle()
  await put('merged', 7, HALF)
  await split(HALF, HALF)
  await put('last', 3, HALF)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await server.clock.advance('2h')

  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
  const found: string[] = []
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
    found.push(...(await Body!.transformToString()).split('\n').slice(0, -1))
  }
  const delivered = found.map((text) => text.trim())
  assert.deepEqual(delivered.toSorted(), names.toSorted())
  const ofShard = (name: string) => delivered.filter((text) => text.startsWith(`${name}-`))
  for (const name of ['parent', 'beside', 'upper', 'merged', 'last'])
    assert.deepEqual(
      ofShard(name),
      names.filter((text) => text.startsWith(`${name}-`)),
      name,
    )
  const after = (name: string, parent: string) =>
    assert.ok(
      delivered.indexOf(`${name}-0`) > delivered.indexOf(ofShard(parent).at(-1)!),
      `${name}, ${parent}`,
    )
  after('upper', 'parent')
  after('merged', 'upper')
  after('merged', 'beside')
  after('last', 'merged')
})
