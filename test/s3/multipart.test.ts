import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bodyOf, boundS3, MiB, textOf } from './bound-s3.ts'
import { OBJECT, PARTS, uploading } from './bound-upload.ts'

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest()
test('parts become one object, in their order, whatever came first', async () => {
  const { s3, call, get, part, complete, refused, liveBlobs, metadata } = await uploading({
    ContentType: 'text/plain',
    Metadata: { a: 'b' },
  })
  const etags = new Map<number, string>()
  for (const number of [7, 2, 3]) {
    const data = PARTS[[2, 3, 7].indexOf(number)]!
    etags.set(number, (await part(number, data)).ETag)
  }
  await part(9, Buffer.alloc(100_000, 'unused'))
  const Parts = [2, 3, 7].map((PartNumber) => ({ PartNumber, ETag: etags.get(PartNumber) }))
  const answer = await call('CompleteMultipartUpload', complete(Parts))
  const etag = createHash('md5')
    .update(Buffer.concat(PARTS.map(md5)))
    .digest('hex')
  assert.equal(answer.ETag, `"${etag}-3"`)
  assert.equal(answer.ChecksumType, 'FULL_OBJECT')
  assert.equal(await get(OBJECT.Key), Buffer.concat(PARTS).toString())
  const range = await get(OBJECT.Key, { Range: `bytes=${5 * MiB - 2}-${5 * MiB + 1}` })
  assert.equal(range, 'aabb')
  const second = await call('HeadObject', { ...OBJECT, PartNumber: 2 })
  assert.deepEqual(
    [second.StatusCode, second.PartsCount, second.ContentRange],
    [206, 3, `bytes ${5 * MiB}-${10 * MiB - 1}/${10 * MiB + 7}`],
  )
  assert.deepEqual([second.ContentType, second.Metadata], ['text/plain', { a: 'b' }])
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 2)
  assert.deepEqual(await call('CompleteMultipartUpload', complete(Parts)), answer)
  const others = complete(Parts.slice(1))
  assert.equal((await refused('CompleteMultipartUpload', others)).code, 'InvalidPart')

  await call('DeleteObject', OBJECT)
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  assert.equal((await metadata.list({ prefix: 's3/' })).length, 1)
})

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

test('a part is refused by number, and by a checksum of another kind than its upload has', async () => {
  const { refused, UploadId } = await uploading({ ChecksumAlgorithm: 'SHA256' })
  const part = { ...OBJECT, UploadId, Body: bodyOf('part') }
  assert.equal((await refused('UploadPart', { ...part, PartNumber: 0 })).code, 'InvalidArgument')
  assert.equal((await refused('UploadPart', { ...part, PartNumber: 10_001 })).code, 'InvalidArgument')
  const other = { ...part, PartNumber: 1, ChecksumCRC32: 'AAAAAA==' }
  assert.equal((await refused('UploadPart', other)).code, 'InvalidRequest')
})

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

test('a reader of an object in parts goes on to its end while the object is replaced', async () => {
  const { s3, call, put, part, complete, liveBlobs } = await uploading()
  const { ETag: first } = await part(1, PARTS[0]!)
  const { ETag: second } = await part(2, PARTS[1]!)
  const Parts = [first, second].map((ETag, index) => ({ PartNumber: index + 1, ETag }))
  await call('CompleteMultipartUpload', complete(Parts))
  const read = async (Range?: string) =>
    (await call('GetObject', { ...OBJECT, Range })).Body[Symbol.asyncIterator]()
  const whole = await read()
  const unread = await read('bytes=0-9')
  const start = Buffer.from((await whole.next()).value)
  await put(OBJECT.Key, 'new')
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 2)
  assert.ok(start.toString() + (await textOf(whole)) === Buffer.concat(PARTS.slice(0, 2)).toString())
  assert.equal(liveBlobs.size, 2)
  await unread.return()
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  assert.equal(await textOf(await read()), 'new')
})
