import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  ResourceNotFoundException,
  ShardFilterType,
  ShardIteratorType,
  SplitShardCommand,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import { clientOf, startServer } from '../../server.ts'

const StreamName = 'orders'
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'
const PARENT = 'shardId-000000000000'

test('a shard is EXPIRED once its retention has passed: not found by anything, and in no list', async (t) => {
  const server = await startServer(t)
  const client = clientOf(t, new KinesisClient({ ...server.clientConfig, maxAttempts: 1 }))
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  await server.clock.advance('1s')
  const createdAt = server.clock.now()
  const put = { StreamName, PartitionKey: 'a', Data: Buffer.from('x') }
  const { SequenceNumber } = await client.send(new PutRecordCommand(put))
  const { Consumer } = await client.send(
    new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'app' }),
  )
  await client.send(
    new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
  )
  await server.clock.advance('25h')

  const isGone = (call: Promise<unknown>) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof ResourceNotFoundException, String(error))
      assert.equal(
        error.message,
        `Shard ${PARENT} in stream orders under account 000000000000 does not exist`,
      )
      return true
    })
  const startOf = (type: ShardIteratorType) =>
    type === 'AT_TIMESTAMP'
      ? { Timestamp: new Date(createdAt) }
      : type.endsWith('SEQUENCE_NUMBER')
        ? { StartingSequenceNumber: SequenceNumber }
        : {}
  for (const type of Object.values(ShardIteratorType)) {
    const place = { StreamName, ShardId: PARENT, ShardIteratorType: type, ...startOf(type) }
    await isGone(client.send(new GetShardIteratorCommand(place)))
    const { StartingSequenceNumber, ...start } = { StartingSequenceNumber: undefined, ...startOf(type) }
    await isGone(
      client.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer?.ConsumerARN,
          ShardId: PARENT,
          StartingPosition: { Type: type, SequenceNumber: StartingSequenceNumber, ...start },
        }),
      ),
    )
  }
  await isGone(
    client.send(
      new SplitShardCommand({ StreamName, ShardToSplit: PARENT, NewStartingHashKey: String(2n ** 126n) }),
    ),
  )
  await isGone(
    client.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: PARENT,
        AdjacentShardToMerge: 'shardId-000000000001',
      }),
    ),
  )
  const children = ['shardId-000000000001', 'shardId-000000000002']
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }))
  assert.deepEqual(
    StreamDescription?.Shards?.map(({ ShardId }) => ShardId),
    children,
  )
  for (const Type of Object.values(ShardFilterType)) {
    const ShardFilter = {
      Type,
      ...(Type === 'AFTER_SHARD_ID' && { ShardId: 'a' }),
      ...(Type.endsWith('TIMESTAMP') && { Timestamp: new Date(createdAt) }),
    }
    const { Shards } = await client.send(new ListShardsCommand({ StreamName, ShardFilter }))
    assert.deepEqual(
      Shards?.map(({ ShardId }) => ShardId),
      children,
      Type,
    )
  }
})
