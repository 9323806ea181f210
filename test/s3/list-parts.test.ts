import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OBJECT, uploading } from './bound-upload.ts'
import { assertWantsUpload } from './resource-refusals.ts'

test('parts are listed by number, page by page', async () => {
  const { call, part, UploadId } = await uploading()
  for (const number of [10, 1, 2]) await part(number, Buffer.from(`part ${number}`))
  const first = await call('ListParts', { ...OBJECT, UploadId, MaxParts: 2 })
  assert.deepEqual(
    first.Parts.map(({ PartNumber, Size }: { PartNumber: number; Size: number }) => [PartNumber, Size]),
    [
      [1, 6],
      [2, 6],
    ],
  )
  assert.deepEqual([first.IsTruncated, first.NextPartNumberMarker], [true, '2'])
  const second = await call('ListParts', {
    ...OBJECT,
    UploadId,
    PartNumberMarker: first.NextPartNumberMarker,
  })
  assert.deepEqual([second.Parts[0].PartNumber, second.IsTruncated], [10, false])
})

test('ListParts wants an upload that is there', async () => {
  await assertWantsUpload('ListParts')
})
