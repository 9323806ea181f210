import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

test('without controls there is nothing to read, and lists count', async () => {
  const { call, refused } = await boundS3()
  await call('DeleteBucketOwnershipControls', { Bucket })
  await call('DeleteBucketOwnershipControls', { Bucket })
  const { code, status } = await refused('GetBucketOwnershipControls', { Bucket })
  assert.deepEqual([code, status], ['OwnershipControlsNotFoundError', 404])
  await call('PutBucketAcl', { Bucket, ACL: 'log-delivery-write' })
  assert.equal((await call('GetBucketAcl', { Bucket })).Grants.length, 3)
})

test('DeleteBucketOwnershipControls wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketOwnershipControls')
})
