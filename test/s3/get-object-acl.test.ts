import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsNullVersion, assertWantsObject } from './resource-refusals.ts'

const ID = '123456789012'.padStart(64, '0')
const Grants = [{ Grantee: { ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }]

test('an object belongs to the owner of its bucket alone', async () => {
  const { call, put } = await boundS3()
  await put('key', 'x', { ACL: 'bucket-owner-full-control' })
  assert.deepEqual(await call('GetObjectAcl', { Bucket: 'lake', Key: 'key' }), { Owner: { ID }, Grants })
})

test('GetObjectAcl wants an object that is there', async () => {
  await assertWantsObject('GetObjectAcl')
  await assertWantsNullVersion('GetObjectAcl')
})
