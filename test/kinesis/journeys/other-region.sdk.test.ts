import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kinesis, ResourceNotFoundException } from '@aws-sdk/client-kinesis'
import { kinesisService } from '../../../src/kinesis/service.ts'
import { clientOf, startServer } from '../../server.ts'

const StreamName = 'orders'
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'
const ShardId = 'shardId-000000000000'
const NO_STREAM = 'Stream orders under account 000000000000 not found.'

test('an ARN of another region reaches nothing there, whatever it is asked for', async (t) => {
  const server = await startServer(t)
  const here = clientOf(t, new Kinesis(server.clientConfig))
  const away = clientOf(t, new Kinesis({ ...server.clientConfig, region: 'eu-west-1', maxAttempts: 1 }))
  await here.createStream({ StreamName, ShardCount: 1, Tags: { a: 'b' } })
  await server.clock.advance('1s')
  const record = { PartitionKey: 'a', Data: Buffer.from('x') }
  await here.putRecord({ StreamARN, ...record })
  const { Consumer } = await here.registerStreamConsumer({ StreamARN, ConsumerName: 'app' })
  await server.clock.advance('1s')
  const { ConsumerARN } = Consumer!
  const isNotThere = (call: Promise<unknown>, message: string) =>
    assert.rejects(call, (error) => {
      assert.ok(error instanceof ResourceNotFoundException, String(error))
      assert.equal(error.message, message)
      return true
    })
  for (const call of [
    away.describeStream({ StreamARN }),
    away.describeStreamSummary({ StreamARN }),
    away.listShards({ StreamARN }),
    away.putRecord({ StreamARN, ...record }),
    away.putRecords({ StreamARN, Records: [record] }),
    away.getShardIterator({ StreamARN, ShardId, ShardIteratorType: 'LATEST' }),
    away.listStreamConsumers({ StreamARN }),
    away.listTagsForStream({ StreamARN }),
    away.listTagsForResource({ ResourceARN: StreamARN }),
    away.tagResource({ ResourceARN: StreamARN, Tags: { c: 'd' } }),
    away.getResourcePolicy({ ResourceARN: StreamARN }),
    away.increaseStreamRetentionPeriod({ StreamARN, RetentionPeriodHours: 48 }),
    away.deleteStream({ StreamARN, EnforceConsumerDeletion: true }),
  ])
    await isNotThere(call, NO_STREAM)
  for (const call of [
    away.describeStreamConsumer({ ConsumerARN }),
    away.subscribeToShard({ ConsumerARN, ShardId, StartingPosition: { Type: 'LATEST' } }),
    away.deregisterStreamConsumer({ ConsumerARN }),
    away.listTagsForResource({ ResourceARN: ConsumerARN }),
  ])
    await isNotThere(call, 'Consumer app, account 000000000000 not found.')

  const { ShardIterator } = await here.getShardIterator({ StreamARN, ShardId, ShardIteratorType: 'LATEST' })
  await assert.rejects(away.getRecords({ ShardIterator }), { message: 'Invalid ShardIterator.' })
  await here.updateShardCount({ StreamARN, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' })
  await server.clock.advance('1s')
  const { NextToken } = await here.listShards({ StreamARN, MaxResults: 1 })
  await assert.rejects(away.listShards({ NextToken }), { message: 'Invalid NextToken.' })

  // All is as it was.
  const { Tags } = await here.listTagsForStream({ StreamARN })
  assert.deepEqual(Tags, [{ Key: 'a', Value: 'b' }])
  await here.getRecords({ ShardIterator })
  await here.describeStreamConsumer({ ConsumerARN })
})

test('an ARN of another account is looked up in that account', async (t) => {
  const server = await startServer(t)
  const config = { ...server.clientConfig, maxAttempts: 1 }
  const owner = clientOf(t, new Kinesis(config))
  const credentials = { accessKeyId: '111122223333', secretAccessKey: 'any' }
  const guest = clientOf(t, new Kinesis({ ...config, credentials }))
  await guest.createStream({ StreamName, ShardCount: 1 })
  await assert.rejects(guest.describeStreamSummary({ StreamARN }), { message: NO_STREAM })
  await owner.createStream({ StreamName, ShardCount: 2 })
  const { StreamDescriptionSummary: found } = await guest.describeStreamSummary({ StreamARN })
  assert.equal(found?.StreamARN, StreamARN)
})

test('every member that names what an operation works on is held against the region of its request', () => {
  const held = ['StreamARN', 'ConsumerARN', 'ResourceARN', 'ChannelARN']
  // A role belongs to no region, and what channels deliver from is refused in words of its own.
  const others = ['ServiceExecutionRoleARN']
  for (const { name, input } of kinesisService.operations.values())
    for (const member of Object.keys(input.members).filter((key) => key.endsWith('ARN')))
      assert.ok([...held, ...others].includes(member), `${name} ${member}`)
})
