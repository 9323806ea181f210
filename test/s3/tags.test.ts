import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { checkedTags, MAX_BUCKET_TAGS, MAX_OBJECT_TAGS, parseTagging } from '../../src/s3/tags.ts'
import { serveS3 } from './serve-s3.ts'

const TagSet = [
  { Key: 'team', Value: 'data + more' },
  { Key: 'empty', Value: '' },
]

test('tags of buckets and objects are kept, replaced and removed', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const object = { Bucket, Key: 'object' }
  await assert.rejects(
    s3.send(new GetBucketTaggingCommand({ Bucket })),
    (error: S3ServiceException) => error.name === 'NoSuchTagSet',
  )
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet)
  await s3.send(new DeleteBucketTaggingCommand({ Bucket }))
  await assert.rejects(s3.send(new GetBucketTaggingCommand({ Bucket })))

  const { ETag } = await s3.send(new PutObjectCommand({ ...object, Body: 'a', Tagging: 'one=1' }))
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(object))).TagSet, [{ Key: 'one', Value: '1' }])
  await s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }))
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(object))).TagSet, TagSet)
  const head = await s3.send(new HeadObjectCommand(object))
  assert.deepEqual([head.TagCount, head.ETag], [2, ETag])
  await s3.send(new DeleteObjectTaggingCommand(object))
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(object))).TagSet, [])
})

test('tags that AWS would not take are refused', () => {
  const tags = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: '' }))
  assert.equal(checkedTags(tags(10), MAX_OBJECT_TAGS).length, 10)
  const refused = [
    () => checkedTags(tags(51), MAX_BUCKET_TAGS),
    () => parseTagging('=1'),
    () => parseTagging('aws:a=1'),
    () => parseTagging(`a=${'v'.repeat(257)}`),
    () => parseTagging('a=<'),
  ]
  assert.throws(() => checkedTags(tags(11), MAX_OBJECT_TAGS), { code: 'BadRequest' })
  assert.throws(() => parseTagging('a=1&a=2'), { code: 'InvalidArgument' })
  for (const check of refused) assert.throws(check, { code: 'InvalidTag' }, String(check))
})
