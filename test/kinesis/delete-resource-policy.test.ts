import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamARN, withStream } from './with-stream.ts'

test('a policy is gone once it was deleted, and cannot be deleted again', async () => {
  const { call, refused } = await withStream()
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    await call('PutResourcePolicy', { ResourceARN, Policy: '{"Statement":[]}' })
    assert.deepEqual(await call('DeleteResourcePolicy', { ResourceARN }), {})
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    assert.deepEqual(await refused('DeleteResourcePolicy', { ResourceARN }), {
      code: 'ResourceNotFoundException',
      message: `No resource policy found for resource ARN ${ResourceARN}`,
    })
  }
})

test('DeleteResourcePolicy wants a resource that is there', async () => {
  const { refused } = await withStream()
  const nothing = { ResourceARN: StreamARN.replace('orders', 'nothing') }
  assert.deepEqual(await refused('DeleteResourcePolicy', nothing), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 123456789012 not found.',
  })
})
