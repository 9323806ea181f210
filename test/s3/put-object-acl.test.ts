import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

const ID = '123456789012'.padStart(64, '0')
const Grants = [{ Grantee: { ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }]

const everyone = {
  Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
  Permission: 'READ',
}

test('the list that there is may be put again, as it was read or by its name', async () => {
  const { call, put } = await boundS3()
  await put('key', 'x')
  for (const list of [{ ACL: 'private' }, { AccessControlPolicy: { Owner: { ID }, Grants } }])
    await call('PutObjectAcl', { Bucket: 'lake', Key: 'key', ...list })
})

test('every other list is refused', async () => {
  const { refused, put } = await boundS3()
  await put('key', 'x')
  for (const [list, code, message] of [
    [{ ACL: 'public-read' }, 'AccessControlListNotSupported', 'The bucket does not allow ACLs'],
    [
      { GrantRead: `id=${'1'.repeat(64)}` },
      'AccessControlListNotSupported',
      'The bucket does not allow ACLs',
    ],
    [
      { AccessControlPolicy: { Owner: { ID }, Grants: [...Grants, everyone] } },
      'AccessControlListNotSupported',
      'The bucket does not allow ACLs',
    ],
    [
      {},
      'MalformedACLError',
      'The XML you provided was not well-formed or did not validate against our published schema',
    ],
  ] as const) {
    const refusal = await refused('PutObjectAcl', { Bucket: 'lake', Key: 'key', ...list })
    assert.deepEqual([refusal.code, refusal.message], [code, message])
  }
})

test('PutObjectAcl wants an object that is there', async () => {
  await assertWantsObject('PutObjectAcl', { ACL: 'private' })
  await assertWantsNullVersion('PutObjectAcl', { ACL: 'private' })
})
