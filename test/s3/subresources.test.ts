import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketEncryptionCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { bodyOf, boundS3, MiB } from './bound-s3.ts'
import { serveS3 } from './serve-s3.ts'

const NOT_CONFIGURED = {
  GetBucketPolicy: 'NoSuchBucketPolicy',
  GetBucketCors: 'NoSuchCORSConfiguration',
  GetBucketWebsite: 'NoSuchWebsiteConfiguration',
  GetBucketLifecycleConfiguration: 'NoSuchLifecycleConfiguration',
  GetBucketReplication: 'ReplicationConfigurationNotFoundError',
  GetObjectLockConfiguration: 'ObjectLockConfigurationNotFoundError',
}

for (const [operation, code] of Object.entries(NOT_CONFIGURED))
  test(`${operation} says that there is none`, async () => {
    const { refused } = await boundS3()
    const failure = await refused(operation, { Bucket: 'lake' })
    assert.deepEqual([failure.code, failure.status], [code, 404])
    assert.equal((await refused(operation, { Bucket: 'nowhere' })).code, 'NoSuchBucket')
  })

test('what a bucket is by default reads as AWS says it', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined)
  assert.equal((await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status, undefined)
  assert.equal((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined)
  assert.equal((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer, 'BucketOwner')
  const notification = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
  assert.equal(notification.QueueConfigurations, undefined)
  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
  assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules, [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  assert.deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }])
  const access = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  assert.deepEqual(access.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
})

test('what is not supported is called by the header that it came in', async (t) => {
  const { endpoint } = await serveS3(t)
  const cases = [
    ['PUT', '/pond', 'x-amz-bucket-object-lock-enabled', 'true', ''],
    ['PUT', '/pond', 'x-amz-object-ownership', 'ObjectWriter', ': ObjectWriter'],
    ['PUT', '/lake/key', 'x-amz-server-side-encryption-aws-kms-key-id', 'key', ''],
    ['PUT', '/lake/key', 'x-amz-storage-class', 'GLACIER', ': GLACIER'],
    ['DELETE', '/lake/key', 'x-amz-if-match-size', '3', ''],
    ['GET', '/lake/key', 'x-amz-server-side-encryption-customer-algorithm', 'AES256', ''],
  ] as const
  for (const [method, path, header, value, more] of cases) {
    const answer = await fetch(endpoint + path, { method, headers: { [header]: value } })
    const body = await answer.text()
    assert.equal(answer.status, 501, body)
    assert.ok(body.includes(`<Header>${header}</Header>`), body)
    assert.ok(body.includes(`does not support ${header}${more}.`), body)
  }
})

test('what would change these is refused by name', async (t) => {
  const { client } = await serveS3(t)
  const versioning = { Bucket: 'lake', VersioningConfiguration: { Status: 'Enabled' as const } }
  await assert.rejects(
    client().send(new PutBucketVersioningCommand(versioning)),
    (error: S3ServiceException) =>
      error.name === 'NotImplemented' && /PutBucketVersioning/.test(error.message),
  )
})

test('whatever a subresource is asked for, the answer says what AWS calls that', async (t) => {
  const { endpoint } = await serveS3(t)
  const cases: [method: string, path: string, name: string][] = [
    ['GET', '/lake?analytics', 'ListBucketAnalyticsConfigurations'],
    ['GET', '/lake?analytics&id=x', 'GetBucketAnalyticsConfiguration'],
    ['GET', '/lake?intelligent-tiering', 'ListBucketIntelligentTieringConfigurations'],
    ['GET', '/lake?session', 'CreateSession'],
    ['GET', '/lake?metadataTable', 'GetBucketMetadataTableConfiguration'],
    ['POST', '/lake?metadataTable', 'CreateBucketMetadataTableConfiguration'],
    ['PUT', '/lake?metadataJournalTable', 'UpdateBucketMetadataJournalTableConfiguration'],
    ['PUT', '/lake?website', 'PutBucketWebsite'],
    ['DELETE', '/lake?publicAccessBlock', 'DeletePublicAccessBlock'],
    ['PUT', '/lake/key?encryption', 'UpdateObjectEncryption'],
    ['PUT', '/lake/key?legal-hold', 'PutObjectLegalHold'],
    ['PUT', '/lake/key?renameObject', 'RenameObject'],
    ['POST', '/lake/key?restore', 'RestoreObject'],
    ['POST', '/lake/key?select&select-type=2', 'SelectObjectContent'],
    ['GET', '/lake/key?torrent', 'GetObjectTorrent'],
  ]
  for (const [method, path, name] of cases) {
    const answer = await fetch(endpoint + path, { method })
    assert.equal(answer.status, 501)
    assert.match(await answer.text(), new RegExp(`does not support ${name}\\.`), `${method} ${path}`)
  }
})

test("an object's attributes are those that were asked for", async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const object = { Bucket: 'lake', Key: 'object' }
  const put = await s3.send(new PutObjectCommand({ ...object, Body: 'hello' }))
  const attributes = await s3.send(
    new GetObjectAttributesCommand({ ...object, ObjectAttributes: ['ETag', 'Checksum', 'ObjectSize'] }),
  )
  assert.deepEqual(
    [attributes.ETag, attributes.Checksum?.ChecksumCRC32, attributes.ObjectSize, attributes.StorageClass],
    [put.ETag?.replaceAll('"', ''), put.ChecksumCRC32, 5, undefined],
  )
})

test('the parts of an object are its attributes, page by page', async () => {
  const { call, refused } = await boundS3()
  const object = { Bucket: 'lake', Key: 'object' }
  const { UploadId } = await call('CreateMultipartUpload', { ...object, ChecksumAlgorithm: 'SHA1' })
  const Parts = []
  for (const [index, data] of [Buffer.alloc(5 * MiB), Buffer.from('end')].entries()) {
    const ChecksumSHA1 = createHash('sha1').update(data).digest('base64')
    const part = { ...object, UploadId, PartNumber: 4 + index, Body: bodyOf(data), ChecksumSHA1 }
    Parts.push({ PartNumber: 4 + index, ETag: (await call('UploadPart', part)).ETag, ChecksumSHA1 })
  }
  await call('CompleteMultipartUpload', { ...object, UploadId, MultipartUpload: { Parts } })
  const ask = { ...object, ObjectAttributes: ['ObjectParts'], MaxParts: 1 }
  const { ObjectParts: first } = await call('GetObjectAttributes', ask)
  assert.deepEqual([first.TotalPartsCount, first.IsTruncated, first.Parts[0].Size], [2, true, 5 * MiB])
  const more = { ...ask, PartNumberMarker: first.NextPartNumberMarker }
  const { ObjectParts: second } = await call('GetObjectAttributes', more)
  assert.deepEqual([second.IsTruncated, second.Parts[0].PartNumber, second.Parts[0].Size], [false, 2, 3])
  assert.equal(second.Parts[0].ChecksumSHA1, Parts[1]!.ChecksumSHA1)
  const { ObjectParts: none } = await call('GetObjectAttributes', { ...ask, PartNumberMarker: '10' })
  assert.deepEqual([none.NextPartNumberMarker, none.Parts], ['0', []])
  const { Checksum } = await call('GetObjectAttributes', { ...ask, ObjectAttributes: ['Checksum'] })
  const head = await call('HeadObject', { ...object, ChecksumMode: 'ENABLED' })
  assert.equal(`${Checksum.ChecksumSHA1}-2`, head.ChecksumSHA1)
  const unknown = { ...ask, ObjectAttributes: ['Colour'] }
  assert.equal((await refused('GetObjectAttributes', unknown)).code, 'InvalidArgument')
})
