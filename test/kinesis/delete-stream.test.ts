import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import type { Stream } from '../../src/kinesis/streams/stream.ts'
import { boundKinesis, bytes } from './bound-kinesis.ts'
import { withStreams } from './channel-requests.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { withRegister } from './with-consumer.ts'

const NOT_FOUND = {
  code: 'ResourceNotFoundException',
  message: 'Stream orders under account 123456789012 not found.',
}
const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a deleted stream is DELETING until its records are gone; its name is free then', async () => {
  const { call, clock, refused, logs, metadata, errors } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  assert.equal((await refused('DeleteStream', { StreamName: 'orders' })).code, 'ResourceInUseException')
  await clock.advance(500)
  await call('PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x') })
  const [before] = await metadata.list<Stream>({ prefix: 'kinesis/stream/' })
  await call('DeleteStream', { StreamName: 'orders' })
  const { StreamSummaries } = await call('ListStreams', {})
  assert.equal(StreamSummaries[0].StreamStatus, 'DELETING')
  const { StreamDescription } = await call('DescribeStream', { StreamName: 'orders' })
  assert.deepEqual(StreamDescription.Shards, [])
  assert.equal(
    (await refused('CreateStream', { StreamName: 'orders', ShardCount: 1 })).code,
    'ResourceInUseException',
  )
  await clock.advance(500)
  assert.deepEqual(await refused('DescribeStream', { StreamName: 'orders' }), NOT_FOUND)
  assert.deepEqual(await metadata.list({ prefix: 'kinesis/' }), [])
  const group = `kinesis/123456789012/eu-west-1/orders/${before!.value.creationId}`
  await assert.rejects(logs.seek({ group, log: 'shardId-000000000000' }, 'oldest'), { code: 'NoSuchGroup' })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  assert.deepEqual(errors, [])
})

test('a deletion that a stop interrupted is finished after the next start', async () => {
  const first = boundKinesis({ stateDelayMs: 500 })
  await first.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await first.clock.advance(500)
  await first.call('DeleteStream', { StreamName: 'orders' })
  first.clock.close()
  const { logs, metadata } = first
  const second = boundKinesis({ logs, metadata })
  await recoverKinesis(second.kinesis)
  await second.clock.advance(1_000)
  assert.deepEqual(await metadata.list({ prefix: 'kinesis/' }), [])
})

test('a stream with consumers is deleted only when that is wanted', async () => {
  const { call, refused, register } = await withRegister()
  await register('app')
  assert.deepEqual(await refused('DeleteStream', { StreamName: 'orders' }), {
    code: 'ResourceInUseException',
    message:
      `DeleteStream can't delete ${StreamARN} because there are consumers associated with this data stream. To delete ` +
      'orders anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers ' +
      'that are associated with it.',
  })
  await call('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true })
  assert.equal((await refused('DescribeStream', { StreamName: 'orders' })).code, 'ResourceNotFoundException')
})

test('DeleteStream wants a stream that is ACTIVE', async () => {
  await assertWantsStream('DeleteStream')
  await assertWantsActive('DeleteStream', { StreamName: 'orders' })
})

test('a stream with a channel is not deleted, whatever is enforced', async () => {
  const { createChannel, refused } = await withStreams()
  await createChannel()
  assert.deepEqual(await refused('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true }), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 has channels: delete them first.',
  })
})
