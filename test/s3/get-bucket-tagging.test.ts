import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('the tags of a bucket are given as they were put', async () => {
  const { call } = await boundS3()
  const TagSet = [
    { Key: 'z', Value: 'first' },
    { Key: 'a', Value: '' },
  ]
  await call('PutBucketTagging', { Bucket: 'lake', Tagging: { TagSet } })
  assert.deepEqual(await call('GetBucketTagging', { Bucket: 'lake' }), { TagSet })
})

test('a bucket without tags has no set of them', async () => {
  const { refused } = await boundS3()
  const { status, code, message, fields } = await refused('GetBucketTagging', { Bucket: 'lake' })
  assert.deepEqual([status, code, message], [404, 'NoSuchTagSet', 'The TagSet does not exist'])
  assert.deepEqual(fields, { BucketName: 'lake' })
})

test('GetBucketTagging wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketTagging')
})
