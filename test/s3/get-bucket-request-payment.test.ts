import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketRequestPaymentCommand } from '@aws-sdk/client-s3'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test('who owns a bucket pays', async (t) => {
  const { client, errors } = await serveS3(t)
  const answer = await client().send(new GetBucketRequestPaymentCommand({ Bucket: 'lake' }))
  assert.deepEqual(answer.Payer, 'BucketOwner')
  assert.deepEqual(errors, [])
})

test('GetBucketRequestPayment wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketRequestPayment')
})
