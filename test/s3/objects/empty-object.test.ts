import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { serveS3 } from '../serve-s3.ts'

async function putInParts(s3: S3Client, Key: string) {
  const upload = { Bucket: 'lake', Key }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload))
  const { ETag } = await s3.send(
    new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: new Uint8Array(0) }),
  )
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }))
}

test('readers that begin at the end, as those of Parquet do, get an empty object whole', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'put', Body: '' }))
  await putInParts(s3, 'in-parts')
  for (const Key of ['put', 'in-parts']) {
    const last = { Bucket: 'lake', Key, Range: 'bytes=-8' }
    const { Body, ContentLength, ContentRange, $metadata } = await s3.send(new GetObjectCommand(last))
    assert.deepEqual([$metadata.httpStatusCode, ContentLength, ContentRange], [200, 0, undefined], Key)
    assert.equal(await Body?.transformToString(), '')
    const head = await s3.send(new HeadObjectCommand(last))
    assert.deepEqual([head.$metadata.httpStatusCode, head.ContentLength], [200, 0], Key)
    await assert.rejects(s3.send(new GetObjectCommand({ ...last, Range: 'bytes=0-' })), {
      name: 'InvalidRange',
    })
  }
  assert.deepEqual(errors, [])
})
