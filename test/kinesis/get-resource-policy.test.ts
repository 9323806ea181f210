import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StreamARN, withStream } from './with-stream.ts'

test('the policy is given as it was put, an empty one if there is none', async () => {
  const { call } = await withStream()
  assert.deepEqual(await call('GetResourcePolicy', { ResourceARN: StreamARN }), { Policy: '{}' })
  const Policy = '{ "Statement": [],\n "Version": "2012-10-17" }'
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy })
  assert.deepEqual(await call('GetResourcePolicy', { ResourceARN: StreamARN }), { Policy })
})

test('GetResourcePolicy wants a stream or a consumer that is there', async () => {
  const { refused } = await withStream()
  for (const [ResourceARN, message] of [
    [`${StreamARN}/consumer/nobody:1`, 'Consumer nobody, account 123456789012 not found.'],
    [StreamARN.replace('orders', 'nothing'), 'Stream nothing under account 123456789012 not found.'],
  ] as const)
    assert.deepEqual(await refused('GetResourcePolicy', { ResourceARN }), {
      code: 'ResourceNotFoundException',
      message,
    })
})
