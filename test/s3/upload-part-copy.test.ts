import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MiB } from './bound-s3.ts'
import { OBJECT, PARTS, uploading } from './bound-upload.ts'
import { assertWantsUpload } from './resource-refusals.ts'

test('a part may be a range of another object', async () => {
  const { call, put, get, complete, refused, UploadId } = await uploading()
  await put('source', Buffer.concat([PARTS[0]!, PARTS[1]!]))
  const part = { ...OBJECT, UploadId, CopySource: 'lake/source' }
  const range = `bytes=${5 * MiB - 2}-${10 * MiB - 1}`
  const one = await call('UploadPartCopy', { ...part, PartNumber: 1, CopySourceRange: range })
  const two = await call('UploadPartCopy', { ...part, PartNumber: 2 })
  const outside = { ...part, PartNumber: 3, CopySourceRange: `bytes=0-${10 * MiB}` }
  assert.equal((await refused('UploadPartCopy', outside)).code, 'InvalidArgument')
  const Parts = [one, two].map(({ CopyPartResult: { ETag } }, index) => ({ PartNumber: index + 1, ETag }))
  await call('CompleteMultipartUpload', complete(Parts))
  assert.equal(await get(OBJECT.Key, { Range: 'bytes=0-3' }), 'aabb')
  assert.equal((await call('HeadObject', OBJECT)).ContentLength, 15 * MiB + 2)
})

test('UploadPartCopy wants an upload that is there', async () => {
  await assertWantsUpload('UploadPartCopy', { PartNumber: 1, CopySource: 'lake/key' })
})
