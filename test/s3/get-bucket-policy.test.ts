import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { policyOf } from '../auth/users.ts'
import { FOR_ACCOUNT } from './bucket-policies.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('a bucket that has none says so by its name', async (t) => {
  const { client, errors } = await serveS3(t)
  await assert.rejects(client().send(new GetBucketPolicyCommand({ Bucket: 'lake' })), {
    name: 'NoSuchBucketPolicy',
    message: 'The bucket policy does not exist',
  })
  assert.deepEqual(errors, [])
})

test('a policy comes back to the letter, as JSON', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const Policy = `${policyOf(FOR_ACCOUNT)} \n`
  await client().send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy }))
  assert.equal((await client().send(new GetBucketPolicyCommand({ Bucket: 'lake' }))).Policy, Policy)
  const answer = await fetch(`${endpoint}/lake?policy`)
  assert.equal(answer.headers.get('content-type'), 'application/json')
  assert.deepEqual(errors, [])
})

test('GetBucketPolicy wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketPolicy')
})
