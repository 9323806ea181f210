import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { OBJECT, PARTS, uploading } from '../bound-upload.ts'

test('the checksum of the whole is that of the same bytes put at once', async () => {
  const { call, part, complete, put } = await uploading()
  const Parts = []
  for (const [index, data] of PARTS.entries())
    Parts.push({ PartNumber: index + 1, ETag: (await part(index + 1, data)).ETag })
  const { ChecksumCRC64NVME } = await call('CompleteMultipartUpload', complete(Parts))
  assert.equal((await put('whole', Buffer.concat(PARTS))).ChecksumCRC64NVME, ChecksumCRC64NVME)
  const copy = await call('CopyObject', { Bucket: 'lake', Key: 'copy', CopySource: 'lake/dir/object' })
  assert.equal(
    copy.CopyObjectResult.ETag,
    `"${createHash('md5').update(Buffer.concat(PARTS)).digest().toString('hex')}"`,
  )
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

test('of an upload without an algorithm a CRC32C is overlooked, any other checksum is not', async () => {
  const { call, part, complete, refused } = await uploading()
  const Parts = [{ PartNumber: 1, ETag: (await part(1, PARTS[0]!)).ETag }]
  const other = await refused('CompleteMultipartUpload', { ...complete(Parts), ChecksumCRC32: 'AAAAAA==' })
  assert.equal(
    other.message,
    'Checksum Type mismatch occurred, expected checksum Type: null, actual checksum Type: crc32',
  )
  const done = await call('CompleteMultipartUpload', { ...complete(Parts), ChecksumCRC32C: 'AAAAAA==' })
  assert.deepEqual([done.ChecksumCRC32C, done.ChecksumType], [undefined, 'FULL_OBJECT'])
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
