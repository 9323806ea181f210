import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketReplicationCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

// PutBucketReplication is refused, so there is never one.
test('a bucket has none, which the SDK knows by its name', async (t) => {
  const { client, errors } = await serveS3(t)
  await assert.rejects(client().send(new GetBucketReplicationCommand({ Bucket: 'lake' })), {
    name: 'ReplicationConfigurationNotFoundError',
    message: 'The replication configuration was not found',
  })
  assert.deepEqual(errors, [])
})

test('who would give it one is refused by name', async (t) => {
  const { endpoint } = await serveS3(t)
  const answer = await fetch(`${endpoint}/lake?replication`, { method: 'PUT', body: 'x' })
  assert.equal(answer.status, 501)
  assert.match(await answer.text(), /<Code>NotImplemented<.*does not support PutBucketReplication\./)
})

test('GetBucketReplication wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketReplication')
})
