// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how policies write variables.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUCKET_ACTIONS, OBJECT_ACTIONS } from '../../src/s3/buckets/actions.ts'
import { s3Service } from '../../src/s3/service.ts'
import type { Caller } from '../../src/service/operation.ts'
import { allow, deny, OTHER_ACCOUNT, policyOf, usersOf } from '../auth/users.ts'
import { callerOf } from '../caller.ts'
import { bodyOf, boundS3, textOf } from './bound-s3.ts'
import { BUCKET, FOR_ALL, OBJECTS, UNBLOCKED } from './bucket-policies.ts'
import { serveS3 } from './serve-s3.ts'

const REGION = { region: 'us-east-1' }

async function lab() {
  const users = usersOf()
  const bound = await boundS3({ authority: users.authority })
  await bound.put('raw/1', 'one')
  await bound.put('raw/2', 'two')
  const denied = async (name: string, input: object, caller: Caller) => {
    const { code, status, message } = await bound.refused(name, { Bucket: 'lake', ...input }, caller)
    assert.deepEqual([code, status], ['AccessDenied', 403])
    return message
  }
  const user = (name: string, statements: object[] = [], known: object = {}) =>
    users.user(name, statements, { ...REGION, ...known })
  const call = (name: string, input: object, caller?: Caller) =>
    bound.call(name, { Bucket: 'lake', ...input }, caller)
  const policy = (...statements: object[]) => call('PutBucketPolicy', { Policy: policyOf(...statements) })
  return { ...users, ...bound, user, call, denied, policy }
}

test('within the account S3 says why, in AWS words', async () => {
  const { user, call, denied } = await lab()
  const anna = user('anna', [allow('s3:GetObject', OBJECTS), deny('s3:GetObject', `${BUCKET}/raw/2`)])
  assert.equal(await textOf((await call('GetObject', { Key: 'raw/1' }, anna)).Body), 'one')
  const who = 'User: arn:aws:iam::123456789012:user/anna is not authorized to perform:'
  assert.equal(
    await denied('GetObject', { Key: 'raw/2' }, anna),
    `${who} s3:GetObject on resource: "arn:aws:s3:::lake/raw/2" with an explicit deny in an identity-based policy`,
  )
  assert.equal(
    await denied('PutObject', { Key: 'raw/3', Body: bodyOf('x') }, anna),
    `${who} s3:PutObject on resource: "arn:aws:s3:::lake/raw/3" because no identity-based policy allows the s3:PutObject action`,
  )
  assert.equal(
    await denied('ListObjectsV2', {}, anna),
    `${who} s3:ListBucket on resource: "arn:aws:s3:::lake" because no identity-based policy allows the s3:ListBucket action`,
  )
})

test('a listing is limited by its prefix, its delimiter and its page', async () => {
  const { user, call, denied } = await lab()
  const anna = user('anna', [
    allow('s3:ListBucket', BUCKET, {
      Condition: {
        StringLike: { 's3:prefix': ['', 'home/${aws:username}/*'] },
        StringEqualsIfExists: { 's3:delimiter': '/' },
        NumericLessThanEquals: { 's3:max-keys': '10' },
      },
    }),
  ])
  await call('ListObjectsV2', { Prefix: 'home/anna/x', MaxKeys: 10 }, anna)
  await call('ListObjects', { Prefix: '', Delimiter: '/', MaxKeys: 1 }, anna)
  await denied('ListObjectsV2', { Prefix: 'home/bob/', MaxKeys: 10 }, anna)
  await denied('ListObjectsV2', { Prefix: 'home/anna/', MaxKeys: 11 }, anna)
  await denied('ListObjectsV2', { Prefix: 'home/anna/', Delimiter: '-', MaxKeys: 1 }, anna)
  await denied('ListObjectsV2', { MaxKeys: 1 }, anna)
})

test('an ACL and tags that come with an object take leave of their own', async () => {
  const { user, call, denied } = await lab()
  const anna = user('anna', [allow('s3:PutObject', OBJECTS)])
  const object = () => ({ Key: 'new', Body: bodyOf('x') })
  await call('PutObject', object(), anna)
  assert.match(await denied('PutObject', { ...object(), ACL: 'private' }, anna), /s3:PutObjectAcl/)
  assert.match(await denied('PutObject', { ...object(), Tagging: 'a=1' }, anna), /s3:PutObjectTagging/)
  assert.match(await denied('CreateMultipartUpload', { Key: 'new', ACL: 'private' }, anna), /s3:PutObjectAcl/)
  const bob = user('bob', [allow(['s3:PutObject', 's3:PutObjectAcl'], OBJECTS)])
  await call('PutObject', { ...object(), ACL: 'bucket-owner-full-control' }, bob)
})

test('whether a key is there is told only to who may list the bucket', async () => {
  const { user, call, denied, refused } = await lab()
  const anna = user('anna', [allow(['s3:GetObject*', 's3:PutObject'], OBJECTS)])
  for (const name of ['GetObject', 'HeadObject', 'GetObjectTagging', 'GetObjectAcl'])
    assert.match(
      await denied(name, { Key: 'none' }, anna),
      /perform: s3:ListBucket on resource: "arn:aws:s3:::lake" because/,
    )
  assert.match(await denied('CopyObject', { Key: 'to', CopySource: 'lake/none' }, anna), /s3:ListBucket/)
  const bob = user('bob', [allow(['s3:GetObject', 's3:ListBucket'], [BUCKET, OBJECTS])])
  assert.equal((await refused('GetObject', { Bucket: 'lake', Key: 'none' }, bob)).code, 'NoSuchKey')
  await call('GetObject', { Key: 'raw/1' }, bob)
})

test('a version of a source that there cannot be is refused in the same words, whether leave is asked for or not', async () => {
  const { call, refused, user } = await lab()
  const anna = user('anna', [allow('s3:*')])
  const { UploadId } = await call('CreateMultipartUpload', { Key: 'parts' }, anna)
  for (const [name, more, said] of [
    ['CopyObject', {}, ['InvalidRequest', 'Invalid Request']],
    ['UploadPartCopy', { UploadId, PartNumber: 1 }, ['InvalidArgument', 'Invalid version id specified']],
  ] as const) {
    const input = { ...{ Bucket: 'lake', Key: 'copy', CopySource: 'lake/raw/1?versionId=abc' }, ...more }
    const { code, message } = await refused(name, input, anna)
    assert.deepEqual([code, message], said)
  }
})

test('a copy reads its source and writes its target, tags too', async () => {
  const { user, call, denied, put } = await lab()
  const [source, target] = [`${BUCKET}/raw/1`, `${BUCKET}/copy`]
  const copy = { Key: 'copy', CopySource: 'lake/raw/1' }
  await call('CopyObject', copy, user('anna', [allow('s3:GetObject', source), allow('s3:PutObject', target)]))
  assert.match(
    await denied('CopyObject', copy, user('bob', [allow('s3:PutObject', target)])),
    /s3:GetObject on/,
  )
  assert.match(
    await denied('CopyObject', copy, user('eve', [allow('s3:GetObject', source)])),
    /s3:PutObject on/,
  )
  await put('raw/1', 'one', { Tagging: 'team=data' })
  const anna = user('anna', [allow('s3:GetObject', source), allow('s3:PutObject', target)])
  assert.match(await denied('CopyObject', copy, anna), /s3:GetObjectTagging on/)
  const all = user('all', [
    allow(['s3:GetObject', 's3:GetObjectTagging'], source),
    allow('s3:PutObject', target),
  ])
  assert.match(await denied('CopyObject', copy, all), /s3:PutObjectTagging on/)
  await call('CopyObject', { ...copy, TaggingDirective: 'REPLACE', MetadataDirective: 'REPLACE' }, anna)
  const tagged = { Key: 'copy', Body: bodyOf('x'), Tagging: 'a=b' }
  assert.match(await denied('PutObject', tagged, anna), /s3:PutObjectTagging on/)
})

test('a part is put, copied from what may be read, and completed by who may put', async () => {
  const { user, call, denied } = await lab()
  const anna = user('anna', [allow('s3:PutObject', `${BUCKET}/big`)])
  const { UploadId } = await call('CreateMultipartUpload', { Key: 'big' }, anna)
  const part = { Key: 'big', UploadId, PartNumber: 1 }
  const { ETag } = await call('UploadPart', { ...part, Body: bodyOf('x') }, anna)
  assert.match(await denied('UploadPartCopy', { ...part, CopySource: 'lake/raw/1' }, anna), /s3:GetObject on/)
  assert.match(await denied('ListParts', { Key: 'big', UploadId }, anna), /s3:ListMultipartUploadParts on/)
  assert.match(
    await denied('AbortMultipartUpload', { Key: 'big', UploadId }, anna),
    /s3:AbortMultipartUpload on/,
  )
  await call(
    'CompleteMultipartUpload',
    { Key: 'big', UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } },
    anna,
  )
})

test('of many keys to delete each is judged by itself', async () => {
  const { user, call, get } = await lab()
  const anna = user('anna', [allow('s3:DeleteObject', `${BUCKET}/raw/1`)])
  const Delete = { Objects: [{ Key: 'raw/1' }, { Key: 'raw/2' }] }
  const answer = await call('DeleteObjects', { Delete }, anna)
  assert.deepEqual(answer.Deleted, [{ Key: 'raw/1' }])
  const [{ Key, Code, Message }] = answer.Errors
  assert.deepEqual([Key, Code], ['raw/2', 'AccessDenied'])
  assert.match(
    Message,
    /s3:DeleteObject on resource: "arn:aws:s3:::lake\/raw\/2" because no identity-based policy/,
  )
  assert.equal(await get('raw/2'), 'two')
})

test('versions, tags of an object and those of a request are told to conditions', async () => {
  const { user, call, denied, put } = await lab()
  await put('tagged', 'x', { Tagging: 'team=data' })
  const anna = user('anna', [
    allow(['s3:GetObject', 's3:GetObjectTagging'], OBJECTS, {
      Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'data' } },
    }),
    allow(['s3:PutObject', 's3:PutObjectTagging'], OBJECTS, {
      Condition: { StringEquals: { 's3:RequestObjectTag/team': 'data' } },
    }),
  ])
  await call('GetObject', { Key: 'tagged' }, anna)
  await denied('GetObject', { Key: 'raw/1' }, anna)
  assert.match(
    await denied('GetObject', { Key: 'tagged', VersionId: 'null' }, anna),
    /s3:GetObjectVersion on/,
  )
  await call('PutObject', { Key: 'new', Body: bodyOf('x'), Tagging: 'team=data' }, anna)
  await denied('PutObject', { Key: 'new', Body: bodyOf('x') }, anna)
  await call(
    'PutObjectTagging',
    { Key: 'raw/1', Tagging: { TagSet: [{ Key: 'team', Value: 'data' }] } },
    anna,
  )
})

test('a version is read, and deleted for good, by leave of its own, and has the tags that it has', async () => {
  const { user, call, put, denied } = await lab()
  await call('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } })
  const { VersionId: open } = await put('raw/1', 'open', { Tagging: 'for=all' })
  const { VersionId: secret } = await put('raw/1', 'secret', { Tagging: 'for=none' })
  const Condition = { StringEquals: { 's3:ExistingObjectTag/for': 'all' } }
  const anna = user('anna', [
    allow('s3:GetObjectVersion', OBJECTS, { Condition }),
    allow('s3:DeleteObject', OBJECTS),
    allow('s3:ListBucketVersions', BUCKET),
  ])
  const Key = 'raw/1'
  assert.equal(await textOf((await call('GetObject', { Key, VersionId: open }, anna)).Body), 'open')
  assert.match(await denied('GetObject', { Key, VersionId: secret }, anna), /s3:GetObjectVersion on/)
  assert.match(await denied('GetObject', { Key }, anna), /s3:GetObject on/)
  assert.match(await denied('DeleteObject', { Key, VersionId: open }, anna), /s3:DeleteObjectVersion on/)
  assert.match(
    await denied('PutBucketVersioning', { VersioningConfiguration: { Status: 'Suspended' } }, anna),
    /s3:PutBucketVersioning on/,
  )
  const Objects = [{ Key }, { Key, VersionId: open }]
  const { Deleted, Errors } = await call('DeleteObjects', { Delete: { Objects } }, anna)
  assert.deepEqual([Deleted.length, Deleted[0].DeleteMarker], [1, true])
  assert.deepEqual([Errors.length, Errors[0].Code, Errors[0].VersionId], [1, 'AccessDenied', open])
  assert.equal((await call('ListObjectVersions', { Prefix: Key }, anna)).DeleteMarkers.length, 1)
})

test('uploads can be held to an encryption and to conditional writes', async () => {
  const { policy, call, denied } = await lab()
  await policy(
    deny('s3:PutObject', OBJECTS, {
      Principal: '*',
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    }),
    deny('s3:PutObject', OBJECTS, { Principal: '*', Condition: { Null: { 's3:if-none-match': 'true' } } }),
  )
  const root = callerOf(REGION)
  const put = { Key: 'k', Body: bodyOf('x') }
  assert.match(await denied('PutObject', put, root), /explicit deny in a resource-based policy$/)
  await denied('PutObject', { ...put, ServerSideEncryption: 'AES256' }, root)
  await call('PutObject', { ...put, ServerSideEncryption: 'AES256', IfNoneMatch: '*' })
})

test('another account is let in by both sides, and is told nothing', async () => {
  const { user, call, denied, refused, policy } = await lab()
  const known = { account: OTHER_ACCOUNT }
  const bob = user('bob', [allow('s3:*')], known)
  assert.equal(await denied('GetObject', { Key: 'raw/1' }, bob), 'Access Denied')
  await policy(allow('s3:GetObject', OBJECTS, { Principal: { AWS: OTHER_ACCOUNT } }))
  await call('GetObject', { Key: 'raw/1' }, bob)
  assert.equal(await denied('GetObject', { Key: 'none' }, bob), 'Access Denied')
  assert.equal(await denied('PutObject', { Key: 'x', Body: bodyOf('x') }, bob), 'Access Denied')
  assert.equal(await denied('GetObject', { Key: 'raw/1' }, user('eve', [], known)), 'Access Denied')
  assert.deepEqual((await call('ListBuckets', {}, bob)).Buckets, [])
  await denied('GetBucketPolicy', {}, bob)
  const all = allow('s3:*', [BUCKET, OBJECTS], { Principal: { AWS: OTHER_ACCOUNT } })
  await policy(all)
  for (const name of ['GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'])
    assert.equal(
      (await refused(name, { Bucket: 'lake', Policy: policyOf(all) }, bob)).code,
      'MethodNotAllowed',
    )
})

test('everybody reads what a policy lets everybody read, unless the bucket is restricted', async () => {
  const { nobody, user, call, denied, policy } = await lab()
  const anyone = nobody(REGION)
  assert.equal(await denied('GetObject', { Key: 'raw/1' }, anyone), 'Access Denied')
  await call('PutPublicAccessBlock', UNBLOCKED)
  await policy(FOR_ALL)
  assert.equal(await textOf((await call('GetObject', { Key: 'raw/1' }, anyone)).Body), 'one')
  assert.equal(await denied('GetObject', { Key: 'none' }, anyone), 'Access Denied')
  await denied('ListObjectsV2', {}, anyone)
  await denied('PutObject', { Key: 'x', Body: bodyOf('x') }, anyone)
  const { Deleted, Errors } = await call('DeleteObjects', { Delete: { Objects: [{ Key: 'raw/1' }] } }, anyone)
  assert.deepEqual([Deleted, Errors[0].Message], [[], 'Access Denied'])
  await call('PutPublicAccessBlock', {
    PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
  })
  await denied('GetObject', { Key: 'raw/1' }, anyone)
  await denied('GetObject', { Key: 'raw/1' }, user('bob', [allow('s3:*')], { account: OTHER_ACCOUNT }))
  await call('GetObject', { Key: 'raw/1' }, user('anna'))
})

test('the root user can always change the policy that denies it all', async () => {
  const { call, denied, policy, user } = await lab()
  await policy(deny('s3:*', [BUCKET, OBJECTS], { Principal: '*' }))
  await denied('GetObject', { Key: 'raw/1' }, callerOf(REGION))
  await denied('DeleteBucketPolicy', {}, user('admin', [allow('*')]))
  await call('DeleteBucketPolicy', {})
  await call('GetObject', { Key: 'raw/1' })
})

test('buckets are listed and made by who may', async () => {
  const { user, call, refused } = await lab()
  const anna = user('anna', [allow('s3:ListAllMyBuckets'), allow('s3:CreateBucket', 'arn:aws:s3:::anna-*')])
  assert.equal((await call('ListBuckets', {}, anna)).Buckets.length, 1)
  await call('CreateBucket', { Bucket: 'anna-lake' }, anna)
  const { message } = await refused('CreateBucket', { Bucket: 'bob-lake' }, anna)
  assert.match(message, /s3:CreateBucket on resource: "arn:aws:s3:::bob-lake" because/)
  assert.match(
    (await refused('ListBuckets', {}, user('bob'))).message,
    /s3:ListAllMyBuckets on resource: "arn:aws:s3:::\*"/,
  )
})

test('every operation asks for leave under a name that IAM has', async () => {
  const { s3, put } = await boundS3()
  await put('key', 'x')
  const input = { Bucket: 'lake', Key: 'key', CopySource: 'lake/key' }
  const caller = callerOf(REGION)
  for (const [name, operation] of s3Service.operations) {
    const given = Object.hasOwn(operation.input.members, 'Key') ? input : { Bucket: 'lake' }
    const accesses = operation.accesses
      ? await operation.accesses(s3 as never, given as never, caller)
      : await s3Service.accesses!(s3, { operation: operation as never, input: given, caller })
    if (name !== 'DeleteObjects') assert.ok(accesses.length > 0, name)
    for (const { action, resource, account } of accesses) {
      const isObject = resource.includes('/')
      const known = isObject ? OBJECT_ACTIONS : [...BUCKET_ACTIONS, 'ListAllMyBuckets']
      assert.ok(known.includes(action.replace('s3:', '')), `${name}: ${action} on ${resource}`)
      assert.equal(account, '123456789012')
    }
  }
})

test('through the wire nobody who does not sign is more than nobody', async (t) => {
  const { authority } = usersOf()
  const { endpoint, call, put, errors } = await serveS3(t, { authority })
  await put('raw/1', 'one')
  assert.equal((await fetch(`${endpoint}/lake/raw/1`)).status, 403)
  await call('PutPublicAccessBlock', UNBLOCKED)
  await call('PutBucketPolicy', { Bucket: 'lake', Policy: policyOf(FOR_ALL) })
  assert.equal(await (await fetch(`${endpoint}/lake/raw/1`)).text(), 'one')
  assert.equal((await fetch(`${endpoint}/lake/none`)).status, 403)
  assert.equal((await fetch(`${endpoint}/lake`)).status, 403)
  assert.equal((await fetch(`${endpoint}/`)).status, 403)
  assert.equal((await fetch(`${endpoint}/lake/x`, { method: 'PUT', body: 'x' })).status, 403)
  assert.equal((await fetch(`${endpoint}/lake/raw/1`, { method: 'DELETE' })).status, 403)
  assert.deepEqual(errors, [])
})
