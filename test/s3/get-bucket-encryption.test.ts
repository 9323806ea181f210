import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('a bucket is encrypted with keys of S3', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketEncryptionCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.ServerSideEncryptionConfiguration?.Rules, [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  assert.deepEqual(errors, [])
})

test('GetBucketEncryption wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketEncryption')
})
