import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetBucketAclCommand,
  GetObjectAclCommand,
  PutBucketAclCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { boundS3 } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const ID = '123456789012'.padStart(64, '0')
const OWNERS = [{ Grantee: { ID, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const }]

test('everything belongs to its owner alone, and stays so', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const object = { Bucket, Key: 'key' }
  await s3.send(new PutObjectCommand({ ...object, Body: 'x', ACL: 'bucket-owner-full-control' }))
  const bucketAcl = await s3.send(new GetBucketAclCommand({ Bucket }))
  assert.deepEqual(bucketAcl.Grants, OWNERS)
  assert.deepEqual(bucketAcl.Owner, { ID })
  const objectAcl = await s3.send(new GetObjectAclCommand(object))
  assert.deepEqual(objectAcl.Grants, OWNERS)
  const printed = await (await fetch(`${endpoint}/lake?acl`)).text()
  assert.match(printed, /<Grantee xmlns:xsi="[^"]+" xsi:type="CanonicalUser">/)

  // As s3cmd copies: what was read is written.
  const { Owner, Grants } = objectAcl
  await s3.send(new PutObjectAclCommand({ ...object, AccessControlPolicy: { Owner, Grants } }))
  // What was read when S3 still gave everyone a name.
  const named = { Owner: { ...Owner, DisplayName: 'me' }, Grants }
  await s3.send(new PutObjectAclCommand({ ...object, AccessControlPolicy: named }))
  await s3.send(new PutObjectAclCommand({ ...object, ACL: 'private' }))
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }))
  assert.deepEqual(errors, [])
})

test('nobody is called by a name but who began an upload', async () => {
  const { call, put } = await boundS3()
  await put('key', 'x')
  const Bucket = 'lake'
  const upload = { Bucket, Key: 'upload' }
  const { UploadId } = await call('CreateMultipartUpload', upload)
  const Initiator = { ID, DisplayName: '123456789012' }
  const parts = await call('ListParts', { ...upload, UploadId })
  const [listed] = (await call('ListMultipartUploads', { Bucket })).Uploads
  for (const each of [parts, listed])
    assert.deepEqual({ Owner: each.Owner, Initiator: each.Initiator }, { Owner: { ID }, Initiator })
  assert.deepEqual((await call('ListBuckets', {})).Owner, { ID })
  assert.deepEqual((await call('ListObjects', { Bucket })).Contents[0].Owner, { ID })
  assert.deepEqual((await call('ListObjectVersions', { Bucket })).Versions[0].Owner, { ID })
})
