import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noMeters } from '../../src/metrics/meters.ts'
import { type Answer, boundKinesis, NOW } from './bound-kinesis.ts'

const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
const nameOf = ({ ConsumerName }: Answer) => ConsumerName

async function withStream(options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  await bound.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await bound.clock.advance(1_000)
  const register = (ConsumerName: string) => bound.call('RegisterStreamConsumer', { StreamARN, ConsumerName })
  return { ...bound, register }
}

test('a consumer is CREATING, ACTIVE, DELETING and gone', async () => {
  const { call, clock, refused, register } = await withStream({ stateDelayMs: 500 })
  const { Consumer } = await register('app')
  const ConsumerARN = `${StreamARN}/consumer/app:${Math.floor((NOW + 1_000) / 1_000)}`
  assert.deepEqual(Consumer, {
    ConsumerName: 'app',
    ConsumerARN,
    ConsumerStatus: 'CREATING',
    ConsumerCreationTimestamp: NOW + 1_000,
  })
  await clock.advance(500)
  const described = async () => (await call('DescribeStreamConsumer', { ConsumerARN })).ConsumerDescription
  assert.deepEqual(await described(), { ...Consumer, ConsumerStatus: 'ACTIVE', StreamARN })
  const byName = { StreamARN, ConsumerName: 'app' }
  assert.deepEqual((await call('DescribeStreamConsumer', byName)).ConsumerDescription, await described())
  const summary = (await call('DescribeStreamSummary', { StreamARN })).StreamDescriptionSummary
  assert.equal(summary.ConsumerCount, 1)
  assert.equal((await refused('RegisterStreamConsumer', byName)).code, 'ResourceInUseException')
  await call('DeregisterStreamConsumer', byName)
  assert.equal((await described()).ConsumerStatus, 'DELETING')
  await clock.advance(500)
  assert.equal((await refused('DescribeStreamConsumer', byName)).code, 'ResourceNotFoundException')
  await register('app')
  assert.equal((await refused('DescribeStreamConsumer', { ConsumerARN })).code, 'ResourceNotFoundException')
})

test('a consumer is named by its ARN, or by its name and the stream', async () => {
  const { refused, register } = await withStream()
  const ConsumerARN = (await register('app')).Consumer.ConsumerARN
  for (const input of [
    {},
    { StreamARN },
    { ConsumerName: 'app' },
    { ConsumerARN, ConsumerName: 'other' },
    { ConsumerARN, StreamARN: `${StreamARN}2` },
  ])
    assert.equal((await refused('DescribeStreamConsumer', input)).code, 'InvalidArgumentException')
  const nothing = { StreamARN, ConsumerName: 'nothing' }
  assert.equal((await refused('DeregisterStreamConsumer', nothing)).code, 'ResourceNotFoundException')
})

test('consumers are listed in pages', async () => {
  const { call, refused, register } = await withStream()
  for (const name of ['b', 'a', 'c']) await register(name)
  const first = await call('ListStreamConsumers', { StreamARN, MaxResults: 2 })
  assert.deepEqual(first.Consumers.map(nameOf), ['a', 'b'])
  const rest = await call('ListStreamConsumers', { StreamARN, NextToken: first.NextToken })
  assert.deepEqual([rest.Consumers.map(nameOf), rest.NextToken], [['c'], undefined])
  const earlier = { StreamARN, StreamCreationTimestamp: NOW - 5_000 }
  assert.equal((await refused('ListStreamConsumers', earlier)).code, 'ResourceNotFoundException')
})

test('a stream has twenty consumers at most, five of them CREATING', async () => {
  const { clock, refused, register } = await withStream({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 20; index++) {
    if (index % 5 === 0) await clock.advance(500)
    await register(`app${index}`)
  }
  const one = { StreamARN, ConsumerName: 'one' }
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 20/)
  const other = await withStream({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 5; index++) await other.register(`app${index}`)
  assert.match((await other.refused('RegisterStreamConsumer', one)).message, /No more than 5/)
})

test('in On-demand Advantage mode a stream has fifty', async () => {
  const { call, clock, refused, register } = await withStream({ limits: 'aws' })
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  for (let index = 0; index < 20; index++) await register(`app${index}`)
  const one = { StreamARN, ConsumerName: 'one' }
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 20/)
  await call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await clock.advance(1)
  for (let index = 20; index < 50; index++) await register(`app${index}`)
  assert.match((await refused('RegisterStreamConsumer', one)).message, /more than 50/)
})

test('a stream with consumers is deleted only when that is wanted', async () => {
  const { call, refused, register } = await withStream()
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

test('a consumer is metered for every open shard until it is deregistered', async () => {
  const metered: number[] = []
  const run = (meter: string, _: string, units: number) => {
    if (meter === 'kinesis-fan-out-shard-hours') metered.push(units)
  }
  const { call, register } = await withStream({ meters: { ...noMeters, run } })
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
