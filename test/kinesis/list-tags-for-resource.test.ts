import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamARN, withStream } from './with-stream.ts'

test('the tags of a stream and of a consumer are listed by key', async () => {
  const { call } = await withStream({}, { ShardCount: 1, Tags: { b: '2', a: '1' } })
  assert.deepEqual(await call('ListTagsForResource', { ResourceARN: StreamARN }), {
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ],
  })
  const { Consumer } = await call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { x: '1' },
  })
  assert.deepEqual(await call('ListTagsForResource', { ResourceARN: Consumer.ConsumerARN }), {
    Tags: [{ Key: 'x', Value: '1' }],
  })
})

test('what ListTagsForResource does not find, it says by its name', async () => {
  const { refused } = await withStream()
  const channelArn = 'arn:aws:kinesis:eu-west-1:123456789012:channel/nothing'
  for (const [ResourceARN, message] of [
    [`${StreamARN}/consumer/nobody:1`, 'Consumer nobody, account 123456789012 not found.'],
    [StreamARN.replace('orders', 'nothing'), 'Stream nothing under account 123456789012 not found.'],
    [channelArn, `Channel ${channelArn} not found.`],
  ] as const)
    assert.deepEqual(await refused('ListTagsForResource', { ResourceARN }), {
      code: 'ResourceNotFoundException',
      message,
    })
  const neither = `${StreamARN}/shard/1`
  assert.deepEqual(await refused('ListTagsForResource', { ResourceARN: neither }), {
    code: 'InvalidArgumentException',
    message: `${neither} is not an ARN of a stream or of a consumer.`,
  })
})
