import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { noMeters } from '../../src/metrics/meters.ts'
import { INLINE_BYTES } from '../../src/s3/content/content.ts'
import { bodyOf, boundS3, CALLER, NOW, textOf } from './bound-s3.ts'

const md5 = (data: string | Uint8Array) => createHash('md5').update(data).digest('hex')
const sha1 = (data: string) => createHash('sha1').update(data).digest('base64')
const LARGE = 'standpipe'.repeat(20_000)

test('what was put is read back with everything that was said about it', async () => {
  const { call, put } = await boundS3()
  const answer = await put('dir/../a b=ü', 'hello', {
    ContentType: 'text/plain',
    CacheControl: 'no-cache',
    Metadata: { origin: 'test' },
    Tagging: 'team=data&empty=',
    StorageClass: 'STANDARD_IA',
  })
  assert.equal(answer.ETag, `"${md5('hello')}"`)
  const { Body, ...read } = await call('GetObject', { Bucket: 'lake', Key: 'dir/../a b=ü' })
  assert.equal(await textOf(Body), 'hello')
  assert.deepEqual(read, {
    AcceptRanges: 'bytes',
    LastModified: NOW,
    ContentLength: 5,
    ETag: `"${md5('hello')}"`,
    ContentType: 'text/plain',
    CacheControl: 'no-cache',
    ServerSideEncryption: 'AES256',
    Metadata: { origin: 'test' },
    StorageClass: 'STANDARD_IA',
    TagCount: 2,
    StatusCode: 200,
  })
})

test('small and large objects, and empty ones, keep their bytes', async () => {
  const { put, get, liveBlobs } = await boundS3()
  for (const size of [0, 1, INLINE_BYTES, INLINE_BYTES + 1, LARGE.length]) {
    await put('object', LARGE.slice(0, size))
    assert.equal(await get('object'), LARGE.slice(0, size))
  }
  assert.equal(liveBlobs.size, 1)
})

test('a range answers 206 with just these bytes, and without the checksum of the whole', async () => {
  const { call, put } = await boundS3()
  await put('object', LARGE)
  const range = { Bucket: 'lake', Key: 'object', ChecksumMode: 'ENABLED' }
  const { Body, ...read } = await call('GetObject', { ...range, Range: 'bytes=17990-18008' })
  assert.equal(await textOf(Body), LARGE.slice(17990, 18009))
  assert.equal(read.ContentRange, `bytes 17990-18008/${LARGE.length}`)
  assert.equal(read.ContentLength, 19)
  assert.equal(read.StatusCode, 206)
  assert.equal(read.ChecksumCRC64NVME, undefined)
  const { ChecksumCRC64NVME } = await call('HeadObject', range)
  assert.ok(ChecksumCRC64NVME)
  const whole = await call('HeadObject', { ...range, Range: `bytes=-${LARGE.length + 1}` })
  assert.deepEqual([whole.StatusCode, whole.ChecksumCRC64NVME], [206, ChecksumCRC64NVME])
})

test('a range that cannot be satisfied is refused', async () => {
  const { put, refused } = await boundS3()
  await put('object', 'abc')
  const { code, status, fields } = await refused('GetObject', {
    Bucket: 'lake',
    Key: 'object',
    Range: 'bytes=3-',
  })
  assert.deepEqual([code, status, fields.ActualObjectSize], ['InvalidRange', 416, '3'])
})

test('conditions on reads answer 304 and 412', async () => {
  const { put, refused } = await boundS3()
  const { ETag } = await put('object', 'abc')
  const object = { Bucket: 'lake', Key: 'object' }
  assert.equal((await refused('GetObject', { ...object, IfNoneMatch: ETag })).status, 304)
  assert.equal((await refused('HeadObject', { ...object, IfModifiedSince: NOW })).status, 304)
  assert.equal((await refused('GetObject', { ...object, IfMatch: '"no"' })).code, 'PreconditionFailed')
})

test('of two writers that want the key to be free, one wins', async () => {
  const { put, get } = await boundS3()
  const results = await Promise.allSettled(
    ['one', 'two', 'three'].map((data) => put('object', data, { IfNoneMatch: '*' })),
  )
  const won = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
  assert.equal(won.length, 1)
  assert.equal(await get('object'), ['one', 'two', 'three'][won[0]!])
})

test('a write with If-Match wants the object that the writer knows', async () => {
  const { put, refused, get } = await boundS3()
  const { ETag } = await put('object', 'one')
  await put('object', 'two', { IfMatch: ETag })
  const object = { Bucket: 'lake', Key: 'object', Body: bodyOf(LARGE), IfMatch: ETag }
  assert.equal((await refused('PutObject', object)).code, 'PreconditionFailed')
  assert.equal((await refused('PutObject', { ...object, Key: 'none' })).code, 'NoSuchKey')
  assert.equal(await get('object'), 'two')
})

test('overwritten and deleted bytes are given back', async () => {
  const { s3, put, call, metadata, liveBlobs } = await boundS3()
  await put('object', LARGE)
  await put('object', LARGE)
  await put('small', 'abc')
  await call('DeleteObject', { Bucket: 'lake', Key: 'small' })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 1)
  await call('DeleteObject', { Bucket: 'lake', Key: 'object' })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  assert.deepEqual(
    (await metadata.list({ prefix: 's3/' })).map(({ key }) => key),
    ['s3/b/lake'],
  )
})

test('a refused upload leaves neither an object nor bytes', async () => {
  const { refused, liveBlobs, metadata } = await boundS3()
  const object = { Bucket: 'lake', Key: 'object', Body: bodyOf(LARGE) }
  const wrong = Buffer.alloc(16).toString('base64')
  const refusals = [
    [{ ContentMD5: wrong }, 'BadDigest'],
    [{ ContentMD5: 'short' }, 'InvalidDigest'],
    [{ ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
    [{ ChecksumSHA256: 'AAAAAA==' }, 'InvalidRequest'],
    [{ ChecksumCRC32: 'AAAAAA==', ChecksumSHA1: 'AAAA' }, 'InvalidRequest'],
    [{ ContentSHA256: '0'.repeat(64) }, 'XAmzContentSHA256Mismatch'],
    [{ Trailer: 'x-amz-checksum-crc32c' }, 'MalformedTrailerError'],
    [{ ContentLength: LARGE.length + 1 }, 'IncompleteBody'],
    [{ ContentLength: 5 * 2 ** 30 + 1 }, 'EntityTooLarge'],
    [{ Metadata: { a: 'x'.repeat(2048) } }, 'MetadataTooLarge'],
    [{ Key: 'k'.repeat(1025) }, 'KeyTooLongError'],
    [{ Tagging: 'a=1&a=2' }, 'InvalidArgument'],
    [{ Tagging: '=1' }, 'InvalidTag'],
    [{ ACL: 'public-read' }, 'AccessControlListNotSupported'],
    [{ ServerSideEncryption: 'aws:kms' }, 'NotImplemented'],
    [{ ServerSideEncryption: 'aes:kms' as 'AES256' }, 'InvalidArgument'],
    [{ StorageClass: 'GLACIER' }, 'NotImplemented'],
    [{ StorageClass: 'OUTPOSTS' }, 'InvalidStorageClass'],
    [{ StorageClass: 'FOO' as 'GLACIER' }, 'InvalidStorageClass'],
    [{ ObjectLockMode: 'COMPLIANCE' }, 'InvalidRequest'],
    [{ IfNoneMatch: '"abc"' }, 'NotImplemented'],
    [{ IfNoneMatch: '*', IfMatch: '"abc"' }, 'NotImplemented'],
    [{ ExpectedBucketOwner: '999999999999' }, 'AccessDenied'],
    [{ Bucket: 'nowhere' }, 'NoSuchBucket'],
    [{ Bucket: 'No_Where' }, 'InvalidBucketName'],
  ] as const
  for (const [member, code] of refusals)
    assert.equal((await refused('PutObject', { ...object, ...member })).code, code, JSON.stringify(member))
  assert.equal(liveBlobs.size, 0)
  assert.deepEqual(await metadata.list({ prefix: 's3/o/' }), [])
})

test('a checksum may come before the data or behind it, and is given back', async () => {
  const { put, call } = await boundS3()
  const { ChecksumSHA1: value } = await put('probe', 'abc', { ChecksumSHA1: sha1('abc') })
  const answer = await call('PutObject', {
    Bucket: 'lake',
    Key: 'object',
    Body: bodyOf('abc', { 'x-amz-checksum-sha1': value }),
    Trailer: 'x-amz-checksum-sha1',
  })
  assert.deepEqual([answer.ChecksumSHA1, answer.ChecksumType], [value, 'FULL_OBJECT'])
  const head = await call('HeadObject', { Bucket: 'lake', Key: 'object', ChecksumMode: 'ENABLED' })
  assert.equal(head.ChecksumSHA1, value)
})

test('a delete names what is not there without complaint, and many at once say what was refused', async () => {
  const { put, call } = await boundS3()
  await call('DeleteObject', { Bucket: 'lake', Key: 'none' })
  await put('a', '1')
  await put('b', '2')
  const answer = await call('DeleteObjects', {
    Bucket: 'lake',
    Delete: {
      Objects: [{ Key: 'a' }, { Key: 'b', ETag: '"no"' }, { Key: 'c' }, { Key: 'd', VersionId: 'v1' }],
    },
  })
  assert.deepEqual(
    answer.Deleted.map(({ Key }: { Key: string }) => Key),
    ['a', 'c'],
  )
  assert.deepEqual(
    answer.Errors.map(({ Key, Code }: { Key: string; Code: string }) => [Key, Code]),
    [
      ['b', 'PreconditionFailed'],
      ['d', 'NoSuchVersion'],
    ],
  )
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 1)
})

test('a copy takes bytes and description along, or a new description', async () => {
  const { put, call, get, refused } = await boundS3()
  for (const data of ['small', LARGE, '']) {
    await put('source', data, { ContentType: 'text/csv', Tagging: 'a=1' })
    const answer = await call('CopyObject', { Bucket: 'lake', Key: 'copy', CopySource: '/lake/source' })
    assert.equal(answer.CopyObjectResult.ETag, `"${md5(data)}"`)
    await call('DeleteObject', { Bucket: 'lake', Key: 'source' })
    assert.equal(await get('copy'), data)
    const head = await call('HeadObject', { Bucket: 'lake', Key: 'copy' })
    assert.deepEqual([head.ContentType, head.TagCount], ['text/csv', 1])
  }
  const self = { Bucket: 'lake', Key: 'copy', CopySource: 'lake/copy' }
  assert.equal((await refused('CopyObject', self)).code, 'InvalidRequest')
  await call('CopyObject', { ...self, MetadataDirective: 'REPLACE', ContentType: 'text/new' })
  assert.equal((await call('HeadObject', { Bucket: 'lake', Key: 'copy' })).ContentType, 'text/new')
  assert.equal((await refused('CopyObject', { ...self, CopySource: 'lake/none' })).code, 'NoSuchKey')
  const unmet = { ...self, Key: 'other', CopySourceIfMatch: '"no"' }
  assert.equal((await refused('CopyObject', unmet)).code, 'PreconditionFailed')
})

test('a copy finds its source however its name is encoded', async () => {
  const { put, call, get } = await boundS3()
  await put('some key+é', 'here')
  for (const [index, name] of ['some+key%2B%C3%A9', 'some%20key%2Bé', 'some key%2B%c3%a9'].entries()) {
    const Key = `copy-${index}`
    await call('CopyObject', { Bucket: 'lake', Key, CopySource: `lake/${name}?versionId=null` })
    assert.equal(await get(Key), 'here')
  }
})

test('a reader of an object that is overwritten meanwhile keeps what it began with', async () => {
  const { put, call } = await boundS3()
  await put('object', LARGE)
  const { Body } = await call('GetObject', { Bucket: 'lake', Key: 'object' })
  await put('object', 'new')
  assert.equal(await textOf(Body), LARGE)
})

test('each request is counted as AWS bills it', async () => {
  const used: string[] = []
  const meters = { ...noMeters, use: (meter: string) => void used.push(meter) }
  const { put, get, call } = await boundS3({ meters })
  await put('object', 'abc')
  await get('object')
  await call('ListObjectsV2', { Bucket: 'lake' })
  await call('DeleteObject', { Bucket: 'lake', Key: 'object' })
  await call('HeadBucket', { Bucket: 'lake' })
  const [puts, gets] = ['s3-put-requests', 's3-get-requests']
  assert.deepEqual(used, [puts, puts, gets, puts, gets])
})

test('another account cannot see the bucket', async () => {
  const { refused } = await boundS3()
  const other = { ...CALLER, account: '000000000000' }
  assert.equal((await refused('HeadBucket', { Bucket: 'lake' }, other)).code, 'AccessDenied')
})
