import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const ID = '123456789012'.padStart(64, '0')
const Grants = [{ Grantee: { ID, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }]

test('a bucket belongs to its owner alone', async () => {
  const { call } = await boundS3()
  assert.deepEqual(await call('GetBucketAcl', { Bucket: 'lake' }), { Owner: { ID }, Grants })
})

test('GetBucketAcl wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketAcl')
})
