import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

const owned = (ObjectOwnership: string) => ({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } })

test('what is read may be written, and what is written is read', async () => {
  const { call } = await boundS3()
  for (const ownership of [
    'BucketOwnerEnforced',
    'ObjectWriter',
    'BucketOwnerPreferred',
    'BucketOwnerEnforced',
  ]) {
    await call('PutBucketOwnershipControls', owned(ownership))
    const { OwnershipControls } = await call('GetBucketOwnershipControls', { Bucket })
    assert.deepEqual(OwnershipControls.Rules, [{ ObjectOwnership: ownership }])
    await call('PutBucketOwnershipControls', { Bucket, OwnershipControls })
  }
})

test('lists are not switched off while the bucket gives anybody else anything', async () => {
  const { call, refused } = await boundS3()
  await call('PutBucketOwnershipControls', owned('BucketOwnerPreferred'))
  await call('PutBucketAcl', { Bucket, ACL: 'log-delivery-write' })
  const enforced = owned('BucketOwnerEnforced')
  assert.equal(
    (await refused('PutBucketOwnershipControls', enforced)).code,
    'InvalidBucketAclWithObjectOwnership',
  )
  await call('PutBucketAcl', { Bucket, ACL: 'private' })
  await call('PutBucketOwnershipControls', enforced)
})

test('an ownership that is none, and two of them, are malformed', async () => {
  const { refused } = await boundS3()
  const two = [{ ObjectOwnership: 'ObjectWriter' }, { ObjectOwnership: 'ObjectWriter' }]
  for (const Rules of [[], two, [{ ObjectOwnership: 'Nobody' }]])
    assert.equal(
      (await refused('PutBucketOwnershipControls', { Bucket, OwnershipControls: { Rules } })).code,
      'MalformedXML',
    )
})

test('PutBucketOwnershipControls wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketOwnershipControls', owned('ObjectWriter'))
})
