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
