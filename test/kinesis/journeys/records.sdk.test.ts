import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  paginateListStreams,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis'
import type { StartOptions } from '../../../src/start.ts'
import { clientOf, startServer } from '../../server.ts'

async function withKinesis(test: TestContext, options: StartOptions = {}) {
  const { clientConfig, clock } = await startServer(test, options)
  const client = clientOf(test, new KinesisClient({ ...clientConfig, maxAttempts: 1 }))
  const create = async (StreamName: string, ShardCount = 1) => {
    await client.send(new CreateStreamCommand({ StreamName, ShardCount }))
    await clock.advance('1s')
  }
  const iterator = async (StreamName: string, ShardId = 'shardId-000000000000') =>
    (
      await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      )
    ).ShardIterator
  return { client, clock, create, iterator }
}

test('the SDK creates a stream, waits for it, writes and reads', async (context) => {
  const { client, clock, iterator } = await withKinesis(context)
  const StreamName = 'ml-streaming-input'
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1, Tags: { team: 'ml' } }))
  await clock.advance('1s')
  await waitUntilStreamExists({ client, maxWaitTime: 30 }, { StreamName })
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }))
  assert.equal(StreamDescription?.StreamARN, `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`)
  assert.ok(StreamDescription.StreamCreationTimestamp instanceof Date)
  const Data = Buffer.from('{"größe": 1}')
  const put = await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'schlüssel', Data }))
  assert.match(String(put.SequenceNumber), /^\d{56}$/)
  assert.equal(put.EncryptionType, undefined)
  const Records = Array.from({ length: 9 }, (_, index) => ({
    PartitionKey: `key${index}`,
    Data: Buffer.from([index]),
  }))
  const batch = await client.send(new PutRecordsCommand({ StreamARN: StreamDescription.StreamARN, Records }))
  assert.equal(batch.FailedRecordCount, 0)
  const read = await client.send(new GetRecordsCommand({ ShardIterator: await iterator(StreamName) }))
  assert.deepEqual(
    read.Records?.map(({ PartitionKey, Data }) => [PartitionKey, Buffer.from(Data!).toString('hex')]),
    [
      ['schlüssel', Data.toString('hex')],
      ...Records.map((record) => [record.PartitionKey, record.Data.toString('hex')]),
    ],
  )
  assert.equal(read.Records?.[0]?.ApproximateArrivalTimestamp?.getTime(), clock.now().getTime())
  assert.equal(read.MillisBehindLatest, 0)
  assert.equal(read.ChildShards, undefined)
})

test('the SDK pages through streams and shards', async (context) => {
  const { client, create } = await withKinesis(context)
  for (const name of ['a', 'b', 'c']) await create(name)
  await create('wide', 7)
  const names: string[] = []
  for await (const page of paginateListStreams({ client, pageSize: 2 }, {})) names.push(...page.StreamNames!)
  assert.deepEqual(names, ['a', 'b', 'c', 'wide'])
  const { Shards } = (await client.send(new DescribeStreamCommand({ StreamName: 'wide' }))).StreamDescription!
  const listed: unknown[] = []
  for (let NextToken: string | undefined, pages = 0; pages < 3; pages++) {
    const question = NextToken ? { NextToken } : { StreamName: 'wide' }
    const page = await client.send(new ListShardsCommand({ ...question, MaxResults: 3 }))
    listed.push(...page.Shards!)
    NextToken = page.NextToken
    assert.equal(NextToken === undefined, pages === 2)
  }
  assert.deepEqual(listed, Shards)
})

test('the SDK sees exceptions by their names and messages', async (context) => {
  const { client, create } = await withKinesis(context)
  await create('orders')
  await assert.rejects(client.send(new DescribeStreamSummaryCommand({ StreamName: 'nothing' })), {
    name: 'ResourceNotFoundException',
    message: 'Stream nothing under account 000000000000 not found.',
  })
  await assert.rejects(client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 })), {
    name: 'ResourceInUseException',
  })
  const Data = Buffer.alloc(2 * 2 ** 20)
  await assert.rejects(
    client.send(new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'a', Data })),
    /Member must have length less than or equal to 1048576/,
  )
  await assert.rejects(client.send(new GetRecordsCommand({ ShardIterator: 'x' })), {
    name: 'InvalidArgumentException',
    message: 'Invalid ShardIterator.',
  })
})

test('an iterator expires with the clock', async (context) => {
  const { client, clock, create, iterator } = await withKinesis(context)
  await create('orders')
  const ShardIterator = await iterator('orders')
  await clock.advance('5m')
  await client.send(new GetRecordsCommand({ ShardIterator }))
  await clock.advance(1)
  await assert.rejects(client.send(new GetRecordsCommand({ ShardIterator })), {
    name: 'ExpiredIteratorException',
  })
})

test('ten mebibytes are written in one request and read in one', async (context) => {
  const { client, create, iterator } = await withKinesis(context, { limits: 'off' })
  await create('orders')
  const Records = Array.from({ length: 10 }, (_, index) => ({
    PartitionKey: 'a',
    Data: Buffer.alloc(2 ** 20 - 1, index),
  }))
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: 'orders', Records }))
  assert.equal(FailedRecordCount, 0)
  let next = await iterator('orders')
  const read: Uint8Array[] = []
  while (read.length < 10) {
    const answer = await client.send(new GetRecordsCommand({ ShardIterator: next }))
    assert.ok(answer.Records!.length > 0)
    read.push(...answer.Records!.map(({ Data }) => Data!))
    next = answer.NextShardIterator
  }
  assert.ok(read.every((data, index) => Buffer.from(data).equals(Records[index]!.Data)))
})

test('a deleted stream is gone after a while', async (context) => {
  const { client, clock, create } = await withKinesis(context)
  await create('orders')
  await client.send(new DeleteStreamCommand({ StreamName: 'orders' }))
  await clock.advance('1s')
  assert.deepEqual((await client.send(new ListStreamsCommand({}))).StreamNames, [])
})
