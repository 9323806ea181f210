import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

test('what is not there may be deleted, and is still not there', async () => {
  const { call, refused } = await boundS3()
  await call('DeleteBucketReplication', { Bucket })
  assert.equal(
    (await refused('GetBucketReplication', { Bucket })).code,
    'ReplicationConfigurationNotFoundError',
  )
})

test('DeleteBucketReplication wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketReplication')
})
