import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALL_USERS } from '../../../src/s3/acl/acl-grants.ts'
import { expire } from '../../../src/s3/expiry/expire.ts'
import { anonymous } from '../../../src/service/principal.ts'
import { usersOf } from '../../auth/users.ts'
import { callerOf } from '../../caller.ts'
import { type Answer, boundS3, textOf } from '../bound-s3.ts'

const DAY_MS = 86_400_000
const Bucket = 'lake'
const k = { Bucket, Key: 'k' }
const OWNERS = `${'123456789012'.padStart(64, '0')} FULL_CONTROL`
const PUBLIC = [OWNERS, `${ALL_USERS} READ`]

/** A bucket with versions, in which lists count and may be public. */
async function lab(options: Parameters<typeof boundS3>[0] = {}) {
  const bound = await boundS3(options)
  const { call, refused } = bound
  await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Enabled' } })
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' }] }
  await call('PutBucketOwnershipControls', { Bucket, OwnershipControls })
  await call('PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: {} })
  const put = async (data: string, more: object = {}): Promise<string> =>
    (await bound.put('k', data, more)).VersionId
  const grants = async (more: object = {}) => {
    const { Grants } = await call('GetObjectAcl', { ...k, ...more })
    return Grants.map(({ Grantee, Permission }: Answer) => `${Grantee.ID ?? Grantee.URI} ${Permission}`)
  }
  const codeOf = async (name: string, input: object) => (await refused(name, input)).code
  return { ...bound, put, grants, codeOf }
}

test('a list is put and read of the version that is named, whichever is the latest', async () => {
  const { call, put, grants, refused } = await lab()
  const first = await put('first')
  const second = await put('second')
  await call('PutObjectAcl', { ...k, VersionId: first, ACL: 'public-read' })
  assert.deepEqual(await grants({ VersionId: first }), PUBLIC)
  assert.deepEqual(await grants({ VersionId: second }), [OWNERS])
  assert.deepEqual(await grants(), [OWNERS])
  await call('PutObjectAcl', { ...k, ACL: 'public-read' })
  await call('PutObjectAcl', { ...k, VersionId: first, ACL: 'private' })
  assert.deepEqual(await grants(), PUBLIC)
  assert.deepEqual(await grants({ VersionId: first }), [OWNERS])
  const third = await put('third')
  assert.deepEqual([await grants(), await grants({ VersionId: second })], [[OWNERS], PUBLIC])
  // The list is a version's own, also when that becomes the object again.
  await call('DeleteObject', { ...k, VersionId: third })
  assert.deepEqual(await grants(), PUBLIC)
  const { VersionId } = await call('DeleteObject', k)
  for (const [name, input] of [
    ['PutObjectAcl', { ACL: 'private' }],
    ['GetObjectAcl', {}],
  ] as const) {
    const hidden = await refused(name, { ...k, ...input })
    assert.deepEqual([hidden.code, hidden.headers['x-amz-delete-marker']], ['NoSuchKey', 'true'])
    assert.equal((await refused(name, { ...k, VersionId, ...input })).status, 405)
  }
})

test('with keys the list of the version that is asked for decides, and no other', async () => {
  const { call, put, refused } = await lab({ authority: usersOf().authority })
  const first = await put('first')
  const second = await put('second')
  const nobody = callerOf({ principal: anonymous })
  const read = async (more: object = {}) => textOf((await call('GetObject', { ...k, ...more }, nobody)).Body)
  const shut = async (name: string, more: object = {}) =>
    assert.equal((await refused(name, { ...k, ...more }, nobody)).code, 'AccessDenied')
  await shut('GetObject', { VersionId: first })
  await call('PutObjectAcl', { ...k, VersionId: first, ACL: 'public-read' })
  assert.equal(await read({ VersionId: first }), 'first')
  await shut('GetObject')
  await shut('GetObject', { VersionId: second })
  await shut('GetObjectAcl', { VersionId: first })
  await shut('PutObjectAcl', { VersionId: first, ACL: 'public-read-write' })
  const GrantReadACP = `uri="${ALL_USERS}"`
  await call('PutObjectAcl', { ...k, VersionId: second, GrantReadACP })
  assert.equal((await call('GetObjectAcl', { ...k, VersionId: second }, nobody)).Grants.length, 1)
  await shut('GetObject', { VersionId: second })
  await call('DeleteObject', k)
  assert.equal(await read({ VersionId: first }), 'first')
  await shut('GetObject')
  await call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } })
  await put('null', { ACL: 'public-read' })
  assert.equal(await read({ VersionId: 'null' }), 'null')
  await call('PutPublicAccessBlock', {
    ...{ Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } },
  })
  for (const VersionId of [first, 'null']) await shut('GetObject', { VersionId })
})

test('an archived version that is not the latest is read and copied only while it is restored', async () => {
  const { call, put, get, codeOf, clock } = await lab()
  const cold = await put('cold', { StorageClass: 'GLACIER' })
  const warm = await put('warm')
  const restore = (more: object = {}) => ({ ...k, RestoreRequest: { Days: 2 }, ...more })
  const copy = { Bucket, Key: 'copy', CopySource: `lake/k?versionId=${cold}` }
  assert.equal(await codeOf('GetObject', { ...k, VersionId: cold }), 'InvalidObjectState')
  assert.equal(await codeOf('CopyObject', copy), 'ObjectNotInActiveTierError')
  assert.equal(await get('k'), 'warm')
  for (const VersionId of [undefined, warm])
    assert.equal(await codeOf('RestoreObject', restore({ VersionId })), 'InvalidObjectState')
  assert.equal((await call('RestoreObject', restore({ VersionId: cold }))).StatusCode, 202)
  assert.equal((await call('RestoreObject', restore({ VersionId: cold }))).StatusCode, 200)
  assert.equal(await get('k', { VersionId: cold }), 'cold')
  const { Restore, StorageClass } = await call('HeadObject', { ...k, VersionId: cold })
  assert.deepEqual([StorageClass, Restore.startsWith('ongoing-request="false"')], ['GLACIER', true])
  assert.equal((await call('HeadObject', k)).Restore, undefined)
  await call('CopyObject', copy)
  assert.equal(await get('copy'), 'cold')
  // It stays restored as it becomes the object again, and its days end there, too.
  await call('DeleteObject', { ...k, VersionId: warm })
  assert.equal(await get('k'), 'cold')
  await clock.advance(3 * DAY_MS)
  assert.equal(await codeOf('GetObject', k), 'InvalidObjectState')
  const { VersionId: marker } = await call('DeleteObject', k)
  assert.equal(await codeOf('RestoreObject', restore()), 'NoSuchKey')
  assert.equal(await codeOf('RestoreObject', restore({ VersionId: marker })), 'MethodNotAllowed')
  await call('RestoreObject', restore({ VersionId: cold }))
  assert.equal(await get('k', { VersionId: cold }), 'cold')
})

test('what is said of an old version changes nothing else of it: it is noncurrent since it was', async () => {
  const { s3, call, put, get, codeOf, clock, grants } = await lab()
  const cold = await put('cold', { StorageClass: 'DEEP_ARCHIVE', Tagging: 'a=1' })
  await put('warm')
  const NoncurrentVersionExpiration = { NoncurrentDays: 5 }
  const rule = { ID: 'r', Status: 'Enabled', Filter: {}, NoncurrentVersionExpiration }
  await call('PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules: [rule] } })
  await clock.advance(4 * DAY_MS)
  const it = { ...k, VersionId: cold }
  const { LastModified, ETag } = await call('HeadObject', it)
  await call('RestoreObject', { ...it, RestoreRequest: { Days: 9 } })
  await call('PutObjectAcl', { ...it, ACL: 'public-read' })
  const TagSet = [{ Key: 'a', Value: '2' }]
  await call('PutObjectTagging', { ...it, Tagging: { TagSet } })
  const head = await call('HeadObject', it)
  assert.deepEqual([head.LastModified, head.ETag, head.TagCount], [LastModified, ETag, 1])
  assert.deepEqual(await grants(it), PUBLIC)
  assert.deepEqual((await call('GetObjectTagging', it)).TagSet, TagSet)
  assert.equal(await get('k', { VersionId: cold }), 'cold')
  await call('DeleteObjectTagging', it)
  assert.deepEqual(await grants(it), PUBLIC)
  await expire(s3, new AbortController().signal)
  assert.equal(await get('k', { VersionId: cold }), 'cold')
  await clock.advance(2 * DAY_MS)
  await expire(s3, new AbortController().signal)
  assert.equal(await codeOf('GetObject', it), 'NoSuchVersion')
})
