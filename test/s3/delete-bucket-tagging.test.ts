import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('a bucket has no tags any more, and it does not matter whether it had some', async () => {
  const { call, refused } = await boundS3()
  const Bucket = 'lake'
  await call('PutBucketTagging', { Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } })
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await call('DeleteBucketTagging', { Bucket }), {})
    assert.equal((await refused('GetBucketTagging', { Bucket })).code, 'NoSuchTagSet')
  }
})

test('DeleteBucketTagging wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketTagging')
})
