import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeletePublicAccessBlockCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3'
import { policyOf } from '../auth/users.ts'
import { FOR_ALL } from './bucket-policies.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('DeletePublicAccessBlock leaves nothing blocked', async (t) => {
  const { client, call, errors } = await serveS3(t)
  const s3 = client()
  for (let times = 0; times < 2; times++) {
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket: 'lake' }))
    await assert.rejects(s3.send(new GetPublicAccessBlockCommand({ Bucket: 'lake' })), {
      name: 'NoSuchPublicAccessBlockConfiguration',
      message: 'The public access block configuration was not found',
    })
  }
  await call('PutBucketPolicy', { Bucket: 'lake', Policy: policyOf(FOR_ALL) })
  assert.deepEqual(errors, [])
})

test('DeletePublicAccessBlock wants a bucket of the caller', async () => {
  await assertWantsBucket('DeletePublicAccessBlock')
})
