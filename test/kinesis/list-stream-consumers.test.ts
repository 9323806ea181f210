import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, NOW } from './bound-kinesis.ts'
import { assertWantsStreamArn } from './stream-refusals.ts'
import { withRegister } from './with-consumer.ts'

const nameOf = ({ ConsumerName }: Answer) => ConsumerName
const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('consumers are listed in pages', async () => {
  const { call, refused, register } = await withRegister()
  for (const name of ['b', 'a', 'c']) await register(name)
  const first = await call('ListStreamConsumers', { StreamARN, MaxResults: 2 })
  assert.deepEqual(first.Consumers.map(nameOf), ['a', 'b'])
  const rest = await call('ListStreamConsumers', { StreamARN, NextToken: first.NextToken })
  assert.deepEqual([rest.Consumers.map(nameOf), rest.NextToken], [['c'], undefined])
  const earlier = { StreamARN, StreamCreationTimestamp: NOW - 5_000 }
  assert.equal((await refused('ListStreamConsumers', earlier)).code, 'ResourceNotFoundException')
})

test('ListStreamConsumers wants a stream that is there, and a token of its own', async () => {
  await assertWantsStreamArn('ListStreamConsumers')
  const { refused } = await withRegister()
  assert.deepEqual(await refused('ListStreamConsumers', { StreamARN, NextToken: 'nonsense' }), {
    code: 'InvalidArgumentException',
    message: 'Invalid NextToken.',
  })
})
