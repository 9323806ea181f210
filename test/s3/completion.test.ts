import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, boundS3 } from './bound-s3.ts'
import { OBJECT, PARTS, uploading } from './bound-upload.ts'

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
