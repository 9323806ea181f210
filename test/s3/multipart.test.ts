import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { bodyOf, boundS3, MiB, textOf } from './bound-s3.ts'

const md5 = (data: Uint8Array) => createHash('md5').update(data).digest()
const OBJECT = { Bucket: 'lake', Key: 'dir/object' }
const PARTS = [Buffer.alloc(5 * MiB, 'a'), Buffer.alloc(5 * MiB, 'b'), Buffer.from('the end')]

async function uploading(more: object = {}) {
  const bound = await boundS3()
  const { UploadId } = await bound.call('CreateMultipartUpload', { ...OBJECT, ...more })
  const part = async (PartNumber: number, data: Uint8Array, about: object = {}) =>
    bound.call('UploadPart', { ...OBJECT, UploadId, PartNumber, Body: bodyOf(data), ...about })
  const complete = (Parts: object[], about: object = {}) => ({
    ...OBJECT,
    UploadId,
    MultipartUpload: { Parts },
    ...about,
  })
  return { ...bound, UploadId, part, complete }
}

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

test('the checksum of the whole is that of the same bytes put at once', async () => {
  const { call, part, complete, put } = await uploading()
  const Parts = []
  for (const [index, data] of PARTS.entries())
    Parts.push({ PartNumber: index + 1, ETag: (await part(index + 1, data)).ETag })
  const { ChecksumCRC64NVME } = await call('CompleteMultipartUpload', complete(Parts))
  assert.equal((await put('whole', Buffer.concat(PARTS))).ChecksumCRC64NVME, ChecksumCRC64NVME)
  const copy = await call('CopyObject', { Bucket: 'lake', Key: 'copy', CopySource: 'lake/dir/object' })
  assert.equal(copy.CopyObjectResult.ETag, `"${md5(Buffer.concat(PARTS)).toString('hex')}"`)
})

test('a composite checksum is of the parts, which the completion repeats', async () => {
  const { call, part, complete, refused } = await uploading({ ChecksumAlgorithm: 'CRC32' })
  const ChecksumCRC32 = Buffer.from(crc32(PARTS[2]!).toString(16).padStart(8, '0'), 'hex').toString('base64')
  const { ETag } = await part(1, PARTS[2]!, { ChecksumCRC32 })
  assert.equal(
    (await refused('CompleteMultipartUpload', complete([{ PartNumber: 1, ETag }]))).code,
    'InvalidRequest',
  )
  const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }]
  const foreign = [{ PartNumber: 1, ETag, ChecksumSHA256: 'x' }]
  assert.deepEqual(
    [(await refused('CompleteMultipartUpload', complete(foreign))).message],
    ['The sha256 you specified for part 1 did not match what we received.'],
  )
  const answer = await call('CompleteMultipartUpload', complete(Parts))
  assert.equal(answer.ChecksumType, 'COMPOSITE')
  assert.match(answer.ChecksumCRC32, /^[A-Za-z0-9+/]{6}==-1$/)
  const ask = { ...OBJECT, PartNumber: 1, ChecksumMode: 'enabled' }
  const head = await call('HeadObject', ask)
  assert.deepEqual([head.ChecksumCRC32, head.ChecksumType], [ChecksumCRC32, 'COMPOSITE'])
  const { code, fields } = await refused('HeadObject', { ...ask, PartNumber: 2 })
  assert.deepEqual([code, fields], ['InvalidPartNumber', { ActualPartCount: '1', PartNumberRequested: '2' }])
})

test('a part of a whole checksum has none of its own, unless it is the only one', async () => {
  for (const [count, isKnown] of [
    [1, true],
    [2, false],
  ] as const) {
    const { call, part, complete } = await uploading()
    const Parts: object[] = []
    for (let PartNumber = 1; PartNumber <= count; PartNumber++)
      Parts.push({ PartNumber, ETag: (await part(PartNumber, PARTS[0]!)).ETag })
    const { ChecksumCRC64NVME } = await call('CompleteMultipartUpload', complete(Parts))
    const ask = { ...OBJECT, ChecksumMode: 'ENABLED' }
    const ofPart = await call('HeadObject', { ...ask, PartNumber: 1 })
    assert.equal(ofPart.ChecksumCRC64NVME, isKnown ? ChecksumCRC64NVME : undefined)
    assert.equal((await call('HeadObject', ask)).ChecksumCRC64NVME, ChecksumCRC64NVME)
    const { ObjectParts } = await call('GetObjectAttributes', {
      ...OBJECT,
      ObjectAttributes: ['ObjectParts'],
    })
    assert.deepEqual(ObjectParts, { TotalPartsCount: count })
  }
})

test('a condition on the key does not hold when the key was touched while the upload went on', async () => {
  const { put, call, refused } = await boundS3()
  const { ETag: same } = await put(OBJECT.Key, 'same')
  const started = async () => {
    const { UploadId } = await call('CreateMultipartUpload', OBJECT)
    const part = { ...OBJECT, UploadId, PartNumber: 1 }
    const { ETag } = await call('UploadPart', { ...part, Body: bodyOf(PARTS[2]!) })
    return { ...OBJECT, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }
  }
  const rewritten = await started()
  await put(OBJECT.Key, 'same')
  const conflict = await refused('CompleteMultipartUpload', { ...rewritten, IfMatch: same })
  assert.deepEqual(
    [conflict.code, conflict.status, conflict.fields],
    ['ConditionalRequestConflict', 409, { Condition: 'If-Match', Key: OBJECT.Key }],
  )
  const wrong = { ...rewritten, IfMatch: '"other"' }
  assert.equal((await refused('CompleteMultipartUpload', wrong)).code, 'PreconditionFailed')

  const deleted = await started()
  await call('DeleteObject', OBJECT)
  const free = { IfNoneMatch: '*' }
  const { code } = await refused('CompleteMultipartUpload', { ...deleted, ...free })
  assert.equal(code, 'ConditionalRequestConflict')
  await call('CompleteMultipartUpload', { ...(await started()), ...free })
})

test('a completion that does not fit what was uploaded is refused, and may be tried again', async () => {
  const { call, part, complete, refused } = await uploading()
  const small = (await part(1, PARTS[2]!)).ETag
  const last = (await part(2, PARTS[2]!)).ETag
  const refusals = [
    [[], 'MalformedXML'],
    [[{ PartNumber: 0, ETag: small }], 'InvalidArgument'],
    [[{ PartNumber: 1, ETag: small, ChecksumCRC32: 'AAAAAA==' }], 'InvalidPart'],
    [[{ PartNumber: 1 }], 'MalformedXML'],
    [[{ PartNumber: 3, ETag: small }], 'InvalidPart'],
    [[{ PartNumber: 1, ETag: '"no"' }], 'InvalidPart'],
    [
      [
        { PartNumber: 2, ETag: last },
        { PartNumber: 1, ETag: small },
      ],
      'InvalidPartOrder',
    ],
    [
      [
        { PartNumber: 1, ETag: small },
        { PartNumber: 1, ETag: small },
      ],
      'InvalidPartOrder',
    ],
    [
      [
        { PartNumber: 1, ETag: small },
        { PartNumber: 2, ETag: last },
      ],
      'EntityTooSmall',
    ],
  ] as const
  for (const [Parts, code] of refusals)
    assert.equal((await refused('CompleteMultipartUpload', complete([...Parts]))).code, code)
  const Parts = [{ PartNumber: 2, ETag: last }]
  for (const [more, message] of [
    [{ MpuObjectSize: 1 }, /header value 1 does not match what was computed: 7$/],
    [{ ChecksumType: 'FULL_OBJECT' }, /null checksum mode/],
    [{ MultipartUpload: undefined }, /^You must specify at least one part$/],
    [{ IfMatch: '"a"', IfNoneMatch: '*' }, /not implemented$/],
  ] as const)
    assert.match((await refused('CompleteMultipartUpload', complete(Parts, more))).message, message)
  await call('CompleteMultipartUpload', complete(Parts))
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
