import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamSourceOf } from '../../../src/kinesis/streams/store.ts'
import { boundKinesis, bytes } from '../bound-kinesis.ts'

const ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a source says where the records of a stream are', async () => {
  const { call, kinesis, logs } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  await call('PutRecord', { StreamName: 'orders', PartitionKey: 'a', ExplicitHashKey: '0', Data: bytes('x') })
  const source = streamSourceOf(kinesis)
  const found = await source.describe(ARN)
  assert.ok(found)
  assert.equal(found.streamName, 'orders')
  assert.partialDeepStrictEqual(found.shards[1], {
    shardId: 'shardId-000000000001',
    log: 'shardId-000000000001',
    parentShardIds: [],
    closed: false,
  })
  const { entries } = await logs.read({ group: found.group, log: found.shards[0]!.log }, 0, {
    entries: 9,
    bytes: 999,
  })
  assert.equal(entries.length, 1)
  assert.equal(await source.describe(`${ARN}2`), undefined)
  assert.equal(await source.describe('arn:aws:s3:::bucket'), undefined)
})
