import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

test('versions are enabled and suspended, and never disabled again', async () => {
  const { call, refused } = await boundS3()
  const set = (Status: string) => ({ Bucket, VersioningConfiguration: { Status } })
  const status = async () => (await call('GetBucketVersioning', { Bucket })).Status
  for (const each of ['Suspended', 'Enabled', 'Enabled', 'Suspended']) {
    assert.deepEqual(await call('PutBucketVersioning', set(each)), {})
    assert.equal(await status(), each)
  }
  for (const each of ['Disabled', 'enabled', ''])
    assert.equal((await refused('PutBucketVersioning', set(each))).code, 'MalformedXML')
  assert.equal(await status(), 'Suspended')
})

test('a status must be given, and MFA delete is refused by name', async () => {
  const { call, refused } = await boundS3()
  const put = (VersioningConfiguration: object) => ({ Bucket, VersioningConfiguration })
  const { code, message } = await refused('PutBucketVersioning', put({}))
  assert.deepEqual(
    [code, message],
    ['IllegalVersioningConfigurationException', 'The Versioning element must be specified'],
  )
  const mfa = await refused('PutBucketVersioning', put({ Status: 'Enabled', MFADelete: 'Enabled' }))
  assert.equal(mfa.code, 'NotImplemented')
  assert.match(mfa.message, /MFA delete/)
  await call('PutBucketVersioning', put({ Status: 'Enabled', MFADelete: 'Disabled' }))
})

test('PutBucketVersioning wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketVersioning', { VersioningConfiguration: { Status: 'Enabled' } })
})
