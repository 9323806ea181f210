import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { ALL_USERS, AUTHENTICATED_USERS, LOG_DELIVERY } from '../../../src/s3/acl/acl-grants.ts'
import { anonymous } from '../../../src/service/principal.ts'
import { usersOf } from '../../auth/users.ts'
import { callerOf } from '../../caller.ts'
import { boundS3, textOf } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const ID = '123456789012'.padStart(64, '0')
const OTHER = '210987654321'.padStart(64, '0')
const OWNERS = `${ID} FULL_CONTROL`

interface Listed {
  readonly Grants?:
    | readonly {
        Grantee?: { ID?: string | undefined; URI?: string | undefined } | undefined
        Permission?: string | undefined
      }[]
    | undefined
}
const told = ({ Grants = [] }: Listed) =>
  Grants.map(({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI} ${Permission}`)

const withLists = { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] } }

/** A bucket in which lists count, and may be public. */
async function opened(s3: S3Client, Bucket = 'lake') {
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, ...withLists }))
  await s3.send(
    new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: false } }),
  )
}

test('a canned list of a bucket or an object is kept, and read as the grants that it stands for', async (t) => {
  const { client, call, errors } = await serveS3(t)
  const s3 = client()
  await opened(s3)
  const everybody = `${ALL_USERS} READ`
  for (const [ACL, grants] of [
    ['private', [OWNERS]],
    ['public-read', [OWNERS, everybody]],
    ['public-read-write', [OWNERS, everybody, `${ALL_USERS} WRITE`]],
    ['authenticated-read', [OWNERS, `${AUTHENTICATED_USERS} READ`]],
  ] as const) {
    await s3.send(new PutBucketAclCommand({ Bucket: 'lake', ACL }))
    const acl = await s3.send(new GetBucketAclCommand({ Bucket: 'lake' }))
    assert.deepEqual(told(acl), grants)
    const { Owner, Grants } = acl
    await s3.send(new PutBucketAclCommand({ Bucket: 'lake', AccessControlPolicy: { Owner, Grants } }))
    const object = { Bucket: 'lake', Key: ACL }
    await s3.send(new PutObjectCommand({ ...object, ACL, Body: 'x' }))
    assert.deepEqual(told(await s3.send(new GetObjectAclCommand(object))), grants)
  }
  await call('PutBucketAcl', { Bucket: 'lake', ACL: 'log-delivery-write' })
  const logs = told(await s3.send(new GetBucketAclCommand({ Bucket: 'lake' })))
  assert.deepEqual(logs, [OWNERS, `${LOG_DELIVERY} WRITE`, `${LOG_DELIVERY} READ_ACP`])
  await s3.send(new CopyObjectCommand({ Bucket: 'lake', Key: 'copy', CopySource: 'lake/public-read' }))
  assert.deepEqual(told(await s3.send(new GetObjectAclCommand({ Bucket: 'lake', Key: 'copy' }))), [OWNERS])
  assert.deepEqual(errors, [])
})

test('grants in headers are all that there is, the owner among them only if it is named', async (t) => {
  const { client, put } = await serveS3(t)
  const s3 = client()
  await opened(s3)
  await put('k', 'x')
  const object = { Bucket: 'lake', Key: 'k' }
  await s3.send(
    new PutObjectAclCommand({
      ...object,
      GrantRead: `uri="${AUTHENTICATED_USERS}", id="${OTHER}"`,
      GrantFullControl: `id=${ID}`,
    }),
  )
  assert.deepEqual(told(await s3.send(new GetObjectAclCommand(object))), [
    ...[`${AUTHENTICATED_USERS} READ`, `${OTHER} READ`],
    OWNERS,
  ])
})

test('two ways to say a list are refused, and so is what is no list', async () => {
  const { call, refused } = await boundS3()
  const Bucket = 'lake'
  await call('PutBucketOwnershipControls', { Bucket, ...withLists })
  const policy = { AccessControlPolicy: { Owner: { ID }, Grants: [] } }
  const grantee = (Grantee: object, Permission = 'READ') => ({
    AccessControlPolicy: { Owner: { ID }, Grants: [{ Grantee, Permission }] },
  })
  for (const [input, code, message] of [
    [
      { ACL: 'private', GrantRead: `id=${OTHER}` },
      'InvalidRequest',
      'Specifying both Canned ACLs and Header Grants is not allowed',
    ],
    [{ ACL: 'private', ...policy }, 'UnexpectedContent', 'This request does not support content'],
    [{ GrantRead: `id=${OTHER}`, ...policy }, 'UnexpectedContent'],
    [{ ACL: 'everybody' }, 'InvalidArgument'],
    [{ GrantRead: 'id=me' }, 'InvalidArgument', 'Invalid id'],
    [{ GrantRead: 'uri=http://example.com' }, 'InvalidArgument', 'Invalid group uri'],
    [{ GrantRead: 'everybody' }, 'InvalidArgument', 'Argument format not recognized'],
    [{ GrantRead: 'emailAddress=a@b' }, 'UnresolvableGrantByEmailAddress'],
    [grantee({ Type: 'Group', URI: 'x' }), 'InvalidArgument'],
    [grantee({ Type: 'Group', URI: ALL_USERS }, 'OWN'), 'MalformedACLError'],
    [grantee({ Type: 'Crowd' }), 'MalformedACLError'],
    [{ AccessControlPolicy: { Owner: { ID: OTHER }, Grants: [] } }, 'AccessDenied'],
  ] as const) {
    const refusal = await refused('PutBucketAcl', { Bucket, ...input })
    assert.equal(refusal.code, code, JSON.stringify(input))
    if (message !== undefined) assert.equal(refusal.message, message)
  }
  for (const operation of ['PutObject', 'CreateMultipartUpload', 'CreateBucket'])
    assert.equal(
      (await refused(operation, { Bucket, Key: 'k', ACL: 'private', GrantRead: `id=${OTHER}` })).message,
      'Specifying both Canned ACLs and Header Grants is not allowed',
    )
})

test('a public list is refused while those are blocked, and every list while they are off', async () => {
  const { call, refused, put } = await boundS3()
  const Bucket = 'lake'
  await put('k', 'x')
  const writes = [
    ['PutBucketAcl', { Bucket }],
    ['PutObjectAcl', { Bucket, Key: 'k' }],
    ['PutObject', { Bucket, Key: 'new' }],
    ['CreateMultipartUpload', { Bucket, Key: 'new' }],
    ['CopyObject', { Bucket, Key: 'new', CopySource: 'lake/k' }],
  ] as const
  for (const [name, input] of writes)
    for (const list of [{ ACL: 'public-read' }, { GrantRead: `id=${OTHER}` }])
      assert.equal((await refused(name, { ...input, ...list })).code, 'AccessControlListNotSupported', name)
  await call('PutBucketOwnershipControls', { Bucket, ...withLists })
  for (const [name, input] of writes) {
    assert.equal((await refused(name, { ...input, ACL: 'public-read' })).code, 'AccessDenied', name)
    await call(name, { ...input, GrantRead: `id=${OTHER}` })
  }
  await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } })
  for (const [name, input] of writes) await call(name, { ...input, ACL: 'public-read' })
})

test('a new bucket is public to nobody, and has a list only if it says so', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  const make = (more: object) => s3.send(new CreateBucketCommand({ Bucket: 'pond', ...more }))
  await assert.rejects(make({ ACL: 'public-read' }), { name: 'InvalidBucketAclWithObjectOwnership' })
  const ObjectOwnership = 'BucketOwnerPreferred'
  await assert.rejects(make({ ACL: 'public-read', ObjectOwnership }), {
    name: 'InvalidBucketAclWithBlockPublicAccessError',
  })
  await make({ GrantWrite: `uri="${LOG_DELIVERY}"`, ObjectOwnership })
  assert.deepEqual(told(await s3.send(new GetBucketAclCommand({ Bucket: 'pond' }))), [
    `${LOG_DELIVERY} WRITE`,
  ])
})

test('with keys a list lets in whom it names, until it is ignored or lists are off', async () => {
  const { authority } = usersOf()
  const { call, refused, put } = await boundS3({ authority })
  const Bucket = 'lake'
  const nobody = callerOf({ principal: anonymous })
  await call('PutBucketOwnershipControls', { Bucket, ...withLists })
  await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: {} })
  await put('open', 'for all', { ACL: 'public-read' })
  await put('shut', 'for one')
  await put('signed', 'for whoever signs', { ACL: 'authenticated-read' })
  const read = async (Key: string) => textOf((await call('GetObject', { Bucket, Key }, nobody)).Body)
  const shut = async (name: string, input: object) =>
    assert.equal((await refused(name, { Bucket, ...input }, nobody)).code, 'AccessDenied')
  assert.equal(await read('open'), 'for all')
  await shut('GetObject', { Key: 'shut' })
  await shut('GetObject', { Key: 'signed' })
  await shut('ListObjectsV2', {})
  await shut('PutObject', { Key: 'open' })
  await call('PutBucketAcl', { Bucket, ACL: 'public-read' })
  assert.equal((await call('ListObjectsV2', { Bucket }, nobody)).KeyCount, 3)
  const PublicAccessBlockConfiguration = { IgnorePublicAcls: true }
  await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration })
  await shut('GetObject', { Key: 'open' })
  await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: {} })
  assert.equal(await read('open'), 'for all')
  await call('PutBucketAcl', { Bucket, ACL: 'private' })
  await call('PutBucketOwnershipControls', {
    ...{ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
  })
  await shut('GetObject', { Key: 'open' })
  assert.deepEqual(told(await call('GetObjectAcl', { Bucket, Key: 'open' })), [OWNERS])
})
