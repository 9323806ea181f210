import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf } from './bound-s3.ts'
import { OBJECT, uploading } from './bound-upload.ts'
import { assertWantsUpload } from './resource-refusals.ts'

test('a part that is replaced gives its bytes back', async () => {
  const { s3, call, get, part, complete, liveBlobs, refused } = await uploading()
  const first = (await part(1, Buffer.alloc(100_000, 'a'))).ETag
  const second = (await part(1, Buffer.alloc(100_000, 'b'))).ETag
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 1)
  const stale = complete([{ PartNumber: 1, ETag: first }])
  assert.equal((await refused('CompleteMultipartUpload', stale)).code, 'InvalidPart')
  await call('CompleteMultipartUpload', complete([{ PartNumber: 1, ETag: second }]))
  assert.equal(await get(OBJECT.Key), 'b'.repeat(100_000))
})

test('a part is refused by number, and by a checksum of another kind than its upload has', async () => {
  const { refused, UploadId } = await uploading({ ChecksumAlgorithm: 'SHA256' })
  const part = { ...OBJECT, UploadId, Body: bodyOf('part') }
  assert.equal((await refused('UploadPart', { ...part, PartNumber: 0 })).code, 'InvalidArgument')
  assert.equal((await refused('UploadPart', { ...part, PartNumber: 10_001 })).code, 'InvalidArgument')
  const other = { ...part, PartNumber: 1, ChecksumCRC32: 'AAAAAA==' }
  assert.equal((await refused('UploadPart', other)).code, 'InvalidRequest')
})

test('UploadPart wants an upload that is there', async () => {
  await assertWantsUpload('UploadPart', { PartNumber: 1, Body: bodyOf('x') })
})
