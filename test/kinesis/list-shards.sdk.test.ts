import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CreateStreamCommand,
  KinesisClient,
  ListShardsCommand,
  type ListShardsCommandInput,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { clientOf, startServer } from '../server.ts'

const StreamName = 'orders'
const HOUR_MS = 3_600_000
const indexOf = (ShardId: string | undefined) => Number(ShardId?.slice(-3))

/** Shard 0 was split after an hour into 1 and 2, which were merged after two into 3; three hours have passed. */
async function resharded(context: TestContext) {
  const server = await startServer(context)
  const client = clientOf(context, new KinesisClient({ ...server.clientConfig, maxAttempts: 1 }))
  const createdAt = server.clock.now().getTime()
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  await server.clock.advance(HOUR_MS)
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) }
  await client.send(new SplitShardCommand({ StreamName, ...split }))
  await server.clock.advance(HOUR_MS)
  const merge = { ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' }
  await client.send(new MergeShardsCommand({ StreamName, ...merge }))
  await server.clock.advance(HOUR_MS)
  const list = async (input: ListShardsCommandInput) => {
    const { Shards, NextToken } = await client.send(new ListShardsCommand(input))
    return { shards: Shards?.map(({ ShardId }) => indexOf(ShardId)), NextToken }
  }
  const at = (hours: number) => new Date(createdAt + hours * HOUR_MS)
  return { ...server, list, at }
}

test('the SDK lists the shards that a filter wants', async (context) => {
  const { list, at, clock } = await resharded(context)
  const filtered = async (ShardFilter: ListShardsCommandInput['ShardFilter']) =>
    (await list({ StreamName, ShardFilter })).shards
  assert.deepEqual(await filtered(undefined), [0, 1, 2, 3])
  assert.deepEqual(await filtered({ Type: 'AT_LATEST' }), [3])
  assert.deepEqual(await filtered({ Type: 'AT_TRIM_HORIZON' }), [0])
  assert.deepEqual(await filtered({ Type: 'FROM_TRIM_HORIZON' }), [0, 1, 2, 3])
  assert.deepEqual(await filtered({ Type: 'AT_TIMESTAMP', Timestamp: at(1.5) }), [1, 2])
  assert.deepEqual(await filtered({ Type: 'FROM_TIMESTAMP', Timestamp: at(1.5) }), [1, 2, 3])
  assert.deepEqual(await filtered({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000001' }), [2, 3])
  await clock.advance(22.5 * HOUR_MS)
  assert.deepEqual(await filtered({ Type: 'AT_TRIM_HORIZON' }), [1, 2])
  await clock.advance(HOUR_MS)
  assert.deepEqual(await filtered(undefined), [3])
})

test('the SDK pages through shards by tokens that expire after five minutes', async (context) => {
  const { list, clock } = await resharded(context)
  const first = await list({ StreamName, MaxResults: 3 })
  assert.deepEqual(first.shards, [0, 1, 2])
  await clock.advance(300_000)
  const next = { NextToken: first.NextToken }
  assert.deepEqual(await list(next), { shards: [3], NextToken: undefined })
  await clock.advance(1)
  await assert.rejects(list(next), { name: 'ExpiredNextTokenException' })
})
