import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

test('the default is then as it was', async () => {
  const { call } = await boundS3()
  const before = await call('GetBucketEncryption', { Bucket })
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }]
  await call('PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } })
  await call('DeleteBucketEncryption', { Bucket })
  assert.deepEqual(await call('GetBucketEncryption', { Bucket }), before)
})

test('DeleteBucketEncryption wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketEncryption')
})
