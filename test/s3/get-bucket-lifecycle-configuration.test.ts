import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('rules are given as they were put', async () => {
  const { call } = await boundS3()
  const Rules = [{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'x/' }, Expiration: { Days: 3 } }]
  await call('PutBucketLifecycleConfiguration', { Bucket: 'lake', LifecycleConfiguration: { Rules } })
  assert.deepEqual((await call('GetBucketLifecycleConfiguration', { Bucket: 'lake' })).Rules, Rules)
})

test('a bucket without rules has no configuration', async () => {
  const { refused } = await boundS3()
  const { status, code, message } = await refused('GetBucketLifecycleConfiguration', { Bucket: 'lake' })
  assert.deepEqual(
    [status, code, message],
    [404, 'NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  )
})

test('GetBucketLifecycleConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketLifecycleConfiguration')
})
