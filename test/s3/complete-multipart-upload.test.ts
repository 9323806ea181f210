import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bodyOf, boundS3, MiB } from './bound-s3.ts'
import { OBJECT, PARTS, uploading } from './bound-upload.ts'
import { assertWantsUpload } from './resource-refusals.ts'

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

test('CompleteMultipartUpload wants an upload that is there', async () => {
  await assertWantsUpload('CompleteMultipartUpload', {
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"a"' }] },
  })
})
