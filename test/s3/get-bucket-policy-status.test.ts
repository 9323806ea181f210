import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketPolicyStatusCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { policyOf } from '../auth/users.ts'
import { FOR_ACCOUNT, FOR_ALL, UNBLOCKED } from './bucket-policies.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('GetBucketPolicyStatus says whether the policy lets everybody in', async (t) => {
  const { client, call, errors } = await serveS3(t)
  const s3 = client()
  const status = () => s3.send(new GetBucketPolicyStatusCommand({ Bucket: 'lake' }))
  await assert.rejects(status(), { name: 'NoSuchBucketPolicy' })
  await call('PutPublicAccessBlock', UNBLOCKED)
  for (const [statement, IsPublic] of [
    [FOR_ACCOUNT, false],
    [FOR_ALL, true],
  ] as const) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'lake', Policy: policyOf(statement) }))
    assert.deepEqual((await status()).PolicyStatus, { IsPublic })
  }
  assert.deepEqual(errors, [])
})

test('GetBucketPolicyStatus wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketPolicyStatus')
})
