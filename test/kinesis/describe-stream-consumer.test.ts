import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withRegister } from './with-consumer.ts'

const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'

test('a consumer is named by its ARN, or by its name and the stream', async () => {
  const { refused, register } = await withRegister()
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
