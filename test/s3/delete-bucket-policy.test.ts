import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { policyOf } from '../auth/users.ts'
import { FOR_ACCOUNT } from './bucket-policies.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('DeleteBucketPolicy takes it away, and does no harm where there is none', async (t) => {
  const { client, refused, errors } = await serveS3(t)
  await client().send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy: policyOf(FOR_ACCOUNT) }))
  for (let times = 0; times < 2; times++) {
    const answer = await client().send(new DeleteBucketPolicyCommand({ Bucket: 'lake' }))
    assert.equal(answer.$metadata.httpStatusCode, 204)
    assert.equal((await refused('GetBucketPolicy', { Bucket: 'lake' })).code, 'NoSuchBucketPolicy')
  }
  assert.deepEqual(errors, [])
})

test('DeleteBucketPolicy wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketPolicy')
})
