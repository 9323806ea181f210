import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf } from './bound-s3.ts'
import { OBJECT, PARTS, uploading } from './bound-upload.ts'
import { assertWantsUpload } from './resource-refusals.ts'

test('an aborted upload is gone with its parts', async () => {
  const { s3, call, part, refused, liveBlobs, UploadId } = await uploading()
  await part(1, PARTS[0]!)
  await call('AbortMultipartUpload', { ...OBJECT, UploadId })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  for (const name of ['AbortMultipartUpload', 'ListParts'])
    assert.equal((await refused(name, { ...OBJECT, UploadId })).code, 'NoSuchUpload')
  const late = { ...OBJECT, UploadId, PartNumber: 1, Body: bodyOf('late') }
  assert.equal((await refused('UploadPart', late)).code, 'NoSuchUpload')
  assert.equal((await refused('ListParts', { ...OBJECT, UploadId: '../x' })).code, 'NoSuchUpload')
})

test('AbortMultipartUpload wants an upload that is there', async () => {
  await assertWantsUpload('AbortMultipartUpload')
})
