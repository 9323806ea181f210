import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bodyOf, boundS3, NOW, textOf } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

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

test('PutObject wants a bucket of the caller', async () => {
  await assertWantsBucket('PutObject', { Key: 'key', Body: bodyOf('x') })
})
