import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetBucketAclCommand,
  GetObjectAclCommand,
  PutBucketAclCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { serveS3 } from './serve-s3.ts'

const ID = '123456789012'.padStart(64, '0')
const DisplayName = '123456789012'
const OWNERS = [
  { Grantee: { DisplayName, ID, Type: 'CanonicalUser' as const }, Permission: 'FULL_CONTROL' as const },
]

test('everything belongs to its owner alone, and stays so', async (t) => {
  const { client, endpoint, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const object = { Bucket, Key: 'key' }
  await s3.send(new PutObjectCommand({ ...object, Body: 'x', ACL: 'bucket-owner-full-control' }))
  const bucketAcl = await s3.send(new GetBucketAclCommand({ Bucket }))
  assert.deepEqual(bucketAcl.Grants, OWNERS)
  assert.equal(bucketAcl.Owner?.ID, ID)
  const objectAcl = await s3.send(new GetObjectAclCommand(object))
  assert.deepEqual(objectAcl.Grants, OWNERS)
  const printed = await (await fetch(`${endpoint}/lake?acl`)).text()
  assert.match(printed, /<Grantee xmlns:xsi="[^"]+" xsi:type="CanonicalUser">/)

  // As s3cmd copies: what was read is written.
  const { Owner, Grants } = objectAcl
  await s3.send(new PutObjectAclCommand({ ...object, AccessControlPolicy: { Owner, Grants } }))
  await s3.send(new PutObjectAclCommand({ ...object, ACL: 'private' }))
  await s3.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }))
  const everyone = {
    Grantee: { Type: 'Group' as const, URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    Permission: 'READ' as const,
  }
  for (const [command, code] of [
    [new PutBucketAclCommand({ Bucket, ACL: 'public-read' }), 'AccessControlListNotSupported'],
    [
      new PutObjectAclCommand({ ...object, AccessControlPolicy: { Owner, Grants: [...OWNERS, everyone] } }),
      'AccessControlListNotSupported',
    ],
    [new PutObjectAclCommand({ ...object, GrantRead: 'id=1' }), 'AccessControlListNotSupported'],
    [new PutBucketAclCommand({ Bucket }), 'MalformedACLError'],
    [new GetObjectAclCommand({ Bucket, Key: 'none' }), 'NoSuchKey'],
  ] as const)
    await assert.rejects(
      s3.send(command as PutObjectAclCommand),
      (error) => error instanceof S3ServiceException && error.name === code,
      code,
    )
  assert.deepEqual(errors, [])
})
