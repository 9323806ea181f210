import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { GetObjectAttributesCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { bodyOf, boundS3, MiB } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

test("an object's attributes are those that were asked for", async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const object = { Bucket: 'lake', Key: 'object' }
  const put = await s3.send(new PutObjectCommand({ ...object, Body: 'hello' }))
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ ...object, ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize'] }),
  )
  assert.deepEqual(
    [attributes.ETag, attributes.Checksum?.ChecksumCRC32, attributes.ObjectSize, attributes.StorageClass],
    [put.ETag?.replaceAll('"', ''), put.ChecksumCRC32, 5, undefined],
  )
})

test('the parts of an object are its attributes, page by page', async () => {
  const { call, refused } = await boundS3()
  const object = { Bucket: 'lake', Key: 'object' }
  const { UploadId } = await call('CreateMultipartUpload', { ...object, ChecksumAlgorithm: 'SHA1' })
  const Parts = []
  for (const [index, data] of [Buffer.alloc(5 * MiB), Buffer.from('end')].entries()) {
    const ChecksumSHA1 = createHash('sha1').update(data).digest('base64')
    const part = { ...object, UploadId, PartNumber: 4 + index, Body: bodyOf(data), ChecksumSHA1 }
    Parts.push({ PartNumber: 4 + index, ETag: (await call('UploadPart', part)).ETag, ChecksumSHA1 })
  }
  await call('CompleteMultipartUpload', { ...object, UploadId, MultipartUpload: { Parts } })
  const ask = { ...object, ObjectAttributes: ['ObjectParts'], MaxParts: 1 }
  const { ObjectParts: first } = await call('GetObjectAttributes', ask)
  assert.deepEqual([first.TotalPartsCount, first.IsTruncated, first.Parts[0].Size], [2, true, 5 * MiB])
  const more = { ...ask, PartNumberMarker: first.NextPartNumberMarker }
  const { ObjectParts: second } = await call('GetObjectAttributes', more)
  assert.deepEqual([second.IsTruncated, second.Parts[0].PartNumber, second.Parts[0].Size], [false, 2, 3])
  assert.equal(second.Parts[0].ChecksumSHA1, Parts[1]!.ChecksumSHA1)
  const { ObjectParts: none } = await call('GetObjectAttributes', { ...ask, PartNumberMarker: '10' })
  assert.deepEqual([none.NextPartNumberMarker, none.Parts], ['0', []])
  const { Checksum } = await call('GetObjectAttributes', { ...ask, ObjectAttributes: ['Checksum'] })
  const head = await call('HeadObject', { ...object, ChecksumMode: 'ENABLED' })
  assert.equal(`${Checksum.ChecksumSHA1}-2`, head.ChecksumSHA1)
  const unknown = { ...ask, ObjectAttributes: ['Colour'] }
  assert.equal((await refused('GetObjectAttributes', unknown)).code, 'InvalidArgument')
})

test('GetObjectAttributes wants an object that is there', async () => {
  await assertWantsObject('GetObjectAttributes', { ObjectAttributes: ['ETag'] })
  await assertWantsNullVersion('GetObjectAttributes', { ObjectAttributes: ['ETag'] })
})
