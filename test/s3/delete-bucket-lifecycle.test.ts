import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('a bucket has no rules any more, and it does not matter whether it had some', async () => {
  const { call, refused } = await boundS3()
  const Rules = [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 3 } }]
  await call('PutBucketLifecycleConfiguration', { Bucket: 'lake', LifecycleConfiguration: { Rules } })
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await call('DeleteBucketLifecycle', { Bucket: 'lake' }), {})
    const { code } = await refused('GetBucketLifecycleConfiguration', { Bucket: 'lake' })
    assert.equal(code, 'NoSuchLifecycleConfiguration')
  }
})

test('DeleteBucketLifecycle wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketLifecycle')
})
