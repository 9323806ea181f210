import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noMeters } from '../../src/metrics/meters.ts'
import { withRegister } from './with-consumer.ts'

const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a consumer is metered for every open shard until it is deregistered', async () => {
  const metered: number[] = []
  const run = (meter: string, _: string, units: number) => {
    if (meter === 'kinesis-fan-out-shard-hours') metered.push(units)
  }
  const { call, register } = await withRegister({ meters: { ...noMeters, run } })
  await register('a')
  await register('b')
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) }
  await call('SplitShard', { StreamName: 'orders', ...split })
  assert.equal(metered.at(-1), 4)
  await call('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'a' })
  assert.equal(metered.at(-1), 2)
  await call('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true })
  assert.equal(metered.at(-1), 0)
})

test('a consumer that is deregistered is DELETING, then its name is free; to repeat it changes nothing', async () => {
  const { call, clock, refused, register } = await withRegister({ stateDelayMs: 500 })
  const { ConsumerARN } = (await register('app')).Consumer
  await clock.advance(500)
  assert.deepEqual(await call('DeregisterStreamConsumer', { ConsumerARN }), {})
  await clock.advance(499)
  await call('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const { ConsumerDescription } = await call('DescribeStreamConsumer', { ConsumerARN })
  assert.equal(ConsumerDescription.ConsumerStatus, 'DELETING')
  await clock.advance(1)
  assert.deepEqual(await refused('DeregisterStreamConsumer', { ConsumerARN }), {
    code: 'ResourceNotFoundException',
    message: 'Consumer app, account 123456789012 not found.',
  })
})

test('DeregisterStreamConsumer wants one consumer', async () => {
  const { refused, register } = await withRegister()
  const { ConsumerARN } = (await register('app')).Consumer
  assert.deepEqual(await refused('DeregisterStreamConsumer', { ConsumerName: 'app' }), {
    code: 'InvalidArgumentException',
    message: 'Either ConsumerARN or both StreamARN and ConsumerName should be provided.',
  })
  assert.deepEqual(await refused('DeregisterStreamConsumer', { ConsumerARN, ConsumerName: 'other' }), {
    code: 'InvalidArgumentException',
    message: `ConsumerARN ${ConsumerARN} does not match the StreamARN and ConsumerName that came with it.`,
  })
})
