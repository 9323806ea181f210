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

test('a consumer is described by its ARN and by its name', async () => {
  const { call, register } = await withRegister()
  const { Consumer } = await register('app')
  const { ConsumerARN } = Consumer
  const expected = { ConsumerDescription: { ...Consumer, ConsumerStatus: 'ACTIVE', StreamARN } }
  assert.deepEqual(await call('DescribeStreamConsumer', { ConsumerARN }), expected)
  assert.deepEqual(await call('DescribeStreamConsumer', { StreamARN, ConsumerName: 'app' }), expected)
})

test('what DescribeStreamConsumer does not find it says by its name', async () => {
  const { refused } = await withRegister()
  for (const input of [
    { StreamARN, ConsumerName: 'nobody' },
    { ConsumerARN: `${StreamARN}/consumer/nobody:1` },
  ])
    assert.deepEqual(await refused('DescribeStreamConsumer', input), {
      code: 'ResourceNotFoundException',
      message: 'Consumer nobody, account 123456789012 not found.',
    })
  assert.deepEqual(await refused('DescribeStreamConsumer', {}), {
    code: 'InvalidArgumentException',
    message: 'Either ConsumerARN or both StreamARN and ConsumerName should be provided.',
  })
})
