import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('a bucket tells its location, which is empty in us-east-1', async () => {
  const { call } = await boundS3()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' }
  await call('CreateBucket', { Bucket: 'west', CreateBucketConfiguration })
  assert.deepEqual(await call('GetBucketLocation', { Bucket: 'west' }), { LocationConstraint: 'eu-west-1' })
  assert.deepEqual(await call('GetBucketLocation', { Bucket: 'lake' }), { LocationConstraint: '' })
})

test('GetBucketLocation wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketLocation')
})
