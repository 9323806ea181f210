import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { MiB } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const Bucket = 'lake'
const object = { Bucket, Key: 'dir/object' }
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => error.name,
  )

test('tags of buckets and objects are put, read and removed through the SDK', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const TagSet = [
    { Key: 'team', Value: 'data' },
    { Key: 'ü', Value: '' },
  ]
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet)
  await s3.send(new DeleteBucketTaggingCommand({ Bucket }))
  assert.equal(await codeOf(s3.send(new GetBucketTaggingCommand({ Bucket }))), 'NoSuchTagSet')
  await s3.send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'a=1&b=2' }))
  const read = await s3.send(new GetObjectTaggingCommand(object))
  assert.deepEqual(read.TagSet, [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ])
  await s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }))
  assert.equal((await s3.send(new GetObjectCommand(object))).TagCount, 2)
  await s3.send(new DeleteObjectTaggingCommand(object))
  assert.deepEqual((await s3.send(new GetObjectTaggingCommand(object))).TagSet, [])
  assert.deepEqual(errors, [])
})

test('parts are copied from ranges, their object tells its attributes, and an upload is given up', async (t) => {
  const { client, put, errors } = await serveS3(t)
  const s3 = client()
  await put('source', Buffer.alloc(6 * MiB, 'abcdefgh'))
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...object, ChecksumAlgorithm: 'SHA256' }),
  )
  const Parts = []
  for (const [index, CopySourceRange] of [`bytes=0-${5 * MiB - 1}`, 'bytes=1-3'].entries()) {
    const PartNumber = index + 1
    const part = { ...object, UploadId, PartNumber, CopySource: 'lake/source', CopySourceRange }
    const { CopyPartResult } = await s3.send(new UploadPartCopyCommand(part))
    Parts.push({ PartNumber, ETag: CopyPartResult?.ETag, ChecksumSHA256: CopyPartResult?.ChecksumSHA256 })
  }
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }),
  )
  assert.match(completed.ChecksumSHA256 ?? '', /=-2$/)
  const attributes = await s3.send(
    new GetObjectAttributesCommand({
      ...object,
      ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize', 'StorageClass'],
    }),
  )
  assert.equal(attributes.ObjectSize, 5 * MiB + 3)
  assert.equal(attributes.Checksum?.ChecksumType, 'COMPOSITE')
  assert.deepEqual(
    attributes.ObjectParts?.Parts?.map(({ Size }) => Size),
    [5 * MiB, 3],
  )
  const end = await s3.send(new GetObjectCommand({ ...object, Range: 'bytes=-3' }))
  assert.equal(await end.Body?.transformToString(), 'bcd')

  const given = await s3.send(new CreateMultipartUploadCommand(object))
  await s3.send(new AbortMultipartUploadCommand({ ...object, UploadId: given.UploadId }))
  assert.equal((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads, undefined)
  assert.deepEqual(errors, [])
})
