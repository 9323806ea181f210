import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamARN, withStream } from './with-stream.ts'

test('tags of a stream and of a consumer are taken away by their keys', async () => {
  const Tags = { a: '1', b: '2' }
  const { call } = await withStream({}, { ShardCount: 1, Tags })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app', Tags })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    assert.deepEqual(await call('UntagResource', { ResourceARN, TagKeys: ['a', 'nothing'] }), {})
    assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [{ Key: 'b', Value: '2' }])
  }
})

test('UntagResource wants a resource that is there, and keys that tags can have', async () => {
  const { refused } = await withStream()
  assert.deepEqual(await refused('UntagResource', { ResourceARN: StreamARN, TagKeys: ['a!'] }), {
    code: 'InvalidArgumentException',
    message:
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  })
  const nothing = { ResourceARN: StreamARN.replace('orders', 'nothing'), TagKeys: ['a'] }
  assert.deepEqual(await refused('UntagResource', nothing), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 123456789012 not found.',
  })
})
