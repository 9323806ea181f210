import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketPolicyCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

// PutBucketPolicy is refused, so there is never one.
test('a bucket has none, which the SDK knows by its name', async (t) => {
  const { client, errors } = await serveS3(t)
  await assert.rejects(client().send(new GetBucketPolicyCommand({ Bucket: 'lake' })), {
    name: 'NoSuchBucketPolicy',
    message: 'The bucket policy does not exist',
  })
  assert.deepEqual(errors, [])
})

test('who would give it one is refused by name', async (t) => {
  const { endpoint } = await serveS3(t)
  const answer = await fetch(`${endpoint}/lake?policy`, { method: 'PUT', body: 'x' })
  assert.equal(answer.status, 501)
  assert.match(await answer.text(), /<Code>NotImplemented<.*does not support PutBucketPolicy\./)
})

test('GetBucketPolicy wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketPolicy')
})
