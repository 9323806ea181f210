import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('uploads are listed by key and then by when they began, with folders folded', async () => {
  const { call, clock } = await boundS3()
  const ids: string[] = []
  for (const Key of ['b/1', 'a', 'b/2', 'a', 'c']) {
    ids.push((await call('CreateMultipartUpload', { Bucket: 'lake', Key })).UploadId)
    await clock.advance(1000)
  }
  const pages: string[] = []
  let markers: object = {}
  for (;;) {
    const page = await call('ListMultipartUploads', {
      Bucket: 'lake',
      Delimiter: '/',
      MaxUploads: 1,
      ...markers,
    })
    for (const { Key, UploadId } of page.Uploads) pages.push(`${Key} ${ids.indexOf(UploadId)}`)
    for (const { Prefix } of page.CommonPrefixes) pages.push(Prefix)
    if (!page.IsTruncated) break
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
  }
  assert.deepEqual(pages, ['a 1', 'a 3', 'b/', 'c 4'])
  const inFolder = { Bucket: 'lake', Delimiter: '/', KeyMarker: 'b/1', UploadIdMarker: ids[0] }
  const last = await call('ListMultipartUploads', inFolder)
  assert.deepEqual([last.CommonPrefixes, last.Uploads.length], [[], 1])
  assert.deepEqual([last.IsTruncated, last.NextKeyMarker, last.NextUploadIdMarker], [false, 'c', ids[4]])
})

test("a marker is an upload of the marker's key, which may have ended meanwhile", async () => {
  const { call, refused } = await boundS3()
  const begin = async (Key: string) =>
    (await call('CreateMultipartUpload', { Bucket: 'lake', Key })).UploadId as string
  const [a, b] = [await begin('a'), await begin('b')]
  const after = (KeyMarker: string, UploadIdMarker: string) => ({ Bucket: 'lake', KeyMarker, UploadIdMarker })
  for (const marker of [b, '0'.repeat(44), `${a}0`, 'x']) {
    const { code, message, fields } = await refused('ListMultipartUploads', after('a', marker))
    assert.deepEqual([code, message], ['InvalidArgument', 'Invalid uploadId marker'])
    assert.deepEqual(fields, { ArgumentName: 'upload-id-marker', ArgumentValue: marker })
  }
  await call('AbortMultipartUpload', { Bucket: 'lake', Key: 'a', UploadId: a })
  const { Uploads } = await call('ListMultipartUploads', after('a', a))
  assert.deepEqual(
    Uploads.map(({ UploadId }: { UploadId: string }) => UploadId),
    [b],
  )
})

test('a number of uploads that there cannot be is refused', async () => {
  const { refused } = await boundS3()
  const { code, message, fields } = await refused('ListMultipartUploads', { Bucket: 'lake', MaxUploads: -1 })
  assert.deepEqual(
    [code, message, fields],
    [
      'InvalidArgument',
      'Argument max-uploads must be an integer between 0 and 2147483647',
      { ArgumentName: 'max-uploads', ArgumentValue: '-1' },
    ],
  )
})

test('ListMultipartUploads wants a bucket of the caller', async () => {
  await assertWantsBucket('ListMultipartUploads')
})
