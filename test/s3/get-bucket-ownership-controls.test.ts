import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketOwnershipControlsCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('objects belong to the owner of their bucket', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketOwnershipControlsCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }])
  assert.deepEqual(errors, [])
})

test('GetBucketOwnershipControls wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketOwnershipControls')
})
