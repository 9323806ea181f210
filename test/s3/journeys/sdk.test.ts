import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { MiB } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const LARGE = Buffer.alloc(3 * MiB, 'standpipe ')
const failureOf = async (promise: Promise<unknown>): Promise<S3ServiceException> => {
  const failure = await promise.then(
    () => assert.fail('was not refused'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof S3ServiceException, String(failure))
  return failure
}

test('the SDK puts and gets with its default checksums, in one piece and as a stream', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  for (const [Key, Body, ContentLength] of [
    ['text', 'hello', undefined],
    ['dir//..//a +&=ü%2F', LARGE, undefined],
    ['stream', Readable.from([LARGE.subarray(0, MiB), LARGE.subarray(MiB)]), LARGE.length],
  ] as const) {
    const put = await s3.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentLength, Metadata: { key: 'ünï' } }),
    )
    assert.match(put.ChecksumCRC32 ?? '', /==$/, Key)
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
    assert.deepEqual(
      Buffer.from(await got.Body!.transformToByteArray()),
      Buffer.from(typeof Body === 'string' ? Body : LARGE),
      Key,
    )
    assert.equal(got.ETag, put.ETag)
    assert.equal(got.ChecksumCRC32, put.ChecksumCRC32)
    assert.equal(got.ContentEncoding, undefined)
    // The SDK sends UTF-8, which S3 reads as Latin-1: as AWS documents it.
    assert.deepEqual(got.Metadata, { key: '=?UTF-8?B?w4PCvG7Dg8Kv?=' })
  }
  const range = await s3.send(new GetObjectCommand({ Bucket, Key: 'text', Range: 'bytes=1-3' }))
  assert.equal(await range.Body!.transformToString(), 'ell')
  assert.equal(range.ContentRange, 'bytes 1-3/5')
  assert.deepEqual(errors, [])
})

for (const ChecksumAlgorithm of ['CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)
  test(`the SDK's ${ChecksumAlgorithm} agrees with ours`, async (t) => {
    const { client } = await serveS3(t)
    const s3 = client()
    const object = { Bucket: 'lake', Key: 'object' }
    const put = await s3.send(new PutObjectCommand({ ...object, Body: LARGE, ChecksumAlgorithm }))
    const head = await s3.send(new HeadObjectCommand({ ...object, ChecksumMode: 'ENABLED' }))
    const member = `Checksum${ChecksumAlgorithm}` as const
    assert.ok(put[member])
    assert.equal(head[member], put[member])
    assert.equal(head.ChecksumType, 'FULL_OBJECT')
  })

test('buckets are made, found, listed and removed', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client({ region: 'eu-west-1' })
  const { BucketArn } = await s3.send(new CreateBucketCommand({ Bucket: 'west' }))
  assert.equal(BucketArn, 'arn:aws:s3:::west')
  assert.equal((await s3.send(new HeadBucketCommand({ Bucket: 'west' }))).BucketRegion, 'eu-west-1')
  assert.equal(
    (await s3.send(new GetBucketLocationCommand({ Bucket: 'west' }))).LocationConstraint,
    'eu-west-1',
  )
  const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}))
  assert.deepEqual(
    Buckets?.map(({ Name }) => Name),
    ['lake', 'west'],
  )
  assert.equal(Owner?.ID?.length, 64)
  await s3.send(new DeleteBucketCommand({ Bucket: 'west' }))
  assert.equal((await failureOf(s3.send(new HeadBucketCommand({ Bucket: 'west' })))).name, 'NotFound')
})

test('listings, copies and deletions read as they should', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const keys = ['a/1', 'a/2', 'b & <c>', 'd']
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  const listed: (string | undefined)[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket }))
    listed.push(...(page.Contents ?? []).map(({ Key }) => Key))
  assert.deepEqual(listed, keys)
  const folded = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/' }))
  assert.deepEqual(folded.CommonPrefixes, [{ Prefix: 'a/' }])
  const [first] = folded.Contents ?? []
  assert.deepEqual([first?.Key, first?.Size, first?.ChecksumAlgorithm], ['b & <c>', 7, ['CRC32']])
  const CopySource = `/${Bucket}/${encodeURIComponent('b & <c>')}`
  const copy = await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  assert.equal(copy.CopyObjectResult?.ETag, first?.ETag)
  const { Deleted } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
  )
  assert.equal(Deleted?.length, 4)
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'copy' }))
  assert.equal((await s3.send(new ListObjectsCommand({ Bucket }))).Contents, undefined)
})

test('an upload in parts is completed, listed while it runs, and verified', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const object = { Bucket: 'lake', Key: 'dir/object' }
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...object, ContentType: 'text/plain' }),
  )
  const Parts = []
  for (const [index, Body] of [Buffer.alloc(5 * MiB, 'a'), Buffer.from('the end')].entries()) {
    const PartNumber = index + 1
    const { ETag, ChecksumCRC32, ChecksumCRC64NVME } = await s3.send(
      new UploadPartCommand({ ...object, UploadId, PartNumber, Body }),
    )
    assert.match(ChecksumCRC32 ?? '', /==$/)
    assert.equal(ChecksumCRC64NVME, undefined)
    Parts.push({ PartNumber, ETag })
  }
  const listed = await s3.send(new ListPartsCommand({ ...object, UploadId }))
  assert.deepEqual(
    listed.Parts?.map(({ Size }) => Size),
    [5 * MiB, 7],
  )
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'lake' }))
  assert.deepEqual(
    Uploads?.map(({ Key }) => Key),
    ['dir/object'],
  )
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }),
  )
  assert.match(completed.ETag ?? '', /-2"$/)
  assert.equal(completed.Location, `${endpoint}/lake/dir/object`)
  const got = await s3.send(new GetObjectCommand(object))
  assert.equal((await got.Body!.transformToByteArray()).length, 5 * MiB + 7)
  assert.equal(got.ContentType, 'text/plain')
  assert.deepEqual(errors, [])
})

test('refusals arrive as the exceptions that the SDK knows', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const missing = await failureOf(s3.send(new GetObjectCommand({ Bucket, Key: 'none' })))
  assert.deepEqual([missing.name, missing.$metadata.httpStatusCode], ['NoSuchKey', 404])
  const head = await failureOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' })))
  assert.equal(head.name, 'NotFound')
  const nowhere = await failureOf(s3.send(new PutObjectCommand({ Bucket: 'nowhere', Key: 'a', Body: LARGE })))
  assert.equal(nowhere.name, 'NoSuchBucket')
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }))
  const taken = await failureOf(
    s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b', IfNoneMatch: '*' })),
  )
  assert.deepEqual([taken.name, taken.$metadata.httpStatusCode], ['PreconditionFailed', 412])
  const full = await failureOf(s3.send(new DeleteBucketCommand({ Bucket })))
  assert.deepEqual([full.name, full.$metadata.httpStatusCode], ['BucketNotEmpty', 409])
  const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))
  const same = await failureOf(s3.send(new GetObjectCommand({ Bucket, Key: 'a', IfNoneMatch: ETag })))
  assert.equal(same.$metadata.httpStatusCode, 304)
  assert.deepEqual(errors, [])
})
