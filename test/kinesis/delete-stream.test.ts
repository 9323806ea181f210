import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import type { Stream } from '../../src/kinesis/streams/stream.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { boundKinesis, bytes } from './bound-kinesis.ts'
import { withStreams } from './channel-requests.ts'
import { assertWantsStream } from './stream-refusals.ts'
import { withRegister } from './with-consumer.ts'

const NOT_FOUND = {
  code: 'ResourceNotFoundException',
  message: 'Stream orders under account 123456789012 not found.',
}
const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a deleted stream is DELETING until its records are gone; its name is free then', async () => {
  const { call, clock, refused, logs, metadata, errors } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
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

test('who has to know is told before the records are dropped, when no put can add to them', async () => {
  const told: unknown[] = []
  const lab = boundKinesis({
    stateDelayMs: 500,
    async beforeDrop(streamArn, { group, shards }) {
      const id = { group, log: shards[0]!.log }
      await assert.rejects(lab.logs.append(id, [new Uint8Array(1)]), { code: 'LogSealed' })
      const { entries, sealed } = await lab.logs.read(id, 0, { entries: 10, bytes: 1000 })
      told.push([streamArn, entries.length, sealed])
    },
  })
  const { call, clock, errors } = lab
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await clock.advance(500)
  await call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: Buffer.from('one') })
  await call('DeleteStream', { StreamName: 'orders' })
  assert.deepEqual(told, [])
  await clock.advance(500)
  const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
  assert.deepEqual([told, errors], [[[arn, 1, true]], []])
})

test('records are not dropped as long as those who have to know cannot be told; the next start tells them', async () => {
  const problems = createProblems({ now: () => 0, warn: () => {}, info: () => {} })
  const beforeDrop = () => Promise.reject(new Error('not now'))
  const first = boundKinesis({ stateDelayMs: 500, beforeDrop, problems })
  await first.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await first.clock.advance(500)
  await first.call('DeleteStream', { StreamName: 'orders' })
  await first.clock.advance(1_000)
  const where = 'the deletion of stream orders in eu-west-1 of account 123456789012'
  const [problem, ...others] = problems.list()
  assert.deepEqual(others, [])
  assert.equal(problem?.where, where)
  assert.equal(problem.what, 'its records still take room: not now; it is tried again')
  const { logs, metadata } = first
  let told = 0
  const second = boundKinesis({ logs, metadata, beforeDrop: async () => void told++ })
  await recoverKinesis(second.kinesis)
  await second.clock.advance(1_000)
  assert.equal(told, 1)
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

test('a stream that is still CREATING can be deleted, one that is UPDATING or DELETING cannot', async () => {
  await assertWantsStream('DeleteStream')
  const { call, refused, clock, metadata, errors } = boundKinesis({ stateDelayMs: 500 })
  const StreamName = 'orders'
  const statusIs = async (status: string) => {
    const { StreamDescriptionSummary } = await call('DescribeStreamSummary', { StreamName })
    assert.equal(StreamDescriptionSummary.StreamStatus, status)
    if (status === 'CREATING') return
    assert.deepEqual(await refused('DeleteStream', { StreamName }), {
      code: 'ResourceInUseException',
      message: `Stream orders under account 123456789012 not ACTIVE, instead in state ${status}`,
    })
  }
  await call('CreateStream', { StreamName, ShardCount: 1 })
  await statusIs('CREATING')
  await call('DeleteStream', { StreamName })
  await statusIs('DELETING')
  await clock.advance(500)
  assert.deepEqual(await metadata.list({ prefix: '' }), [])
  await call('CreateStream', { StreamName, ShardCount: 1 })
  await clock.advance(500)
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 })
  await statusIs('UPDATING')
  assert.deepEqual(errors, [])
})

test('a stream with a channel is not deleted, whatever is enforced', async () => {
  const { createChannel, refused } = await withStreams()
  await createChannel()
  assert.deepEqual(await refused('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true }), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 has channels: delete them first.',
  })
})
