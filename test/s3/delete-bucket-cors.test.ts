import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('a bucket has no rules any more, and it does not matter whether it had some', async () => {
  const { call, refused } = await boundS3()
  const CORSRules = [
    {
      ID: 'app',
      AllowedOrigins: ['https://*.example.com'],
      AllowedMethods: ['GET', 'PUT'],
      MaxAgeSeconds: 3000,
    },
  ]
  await call('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules } })
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await call('DeleteBucketCors', { Bucket: 'lake' }), {})
    assert.equal((await refused('GetBucketCors', { Bucket: 'lake' })).code, 'NoSuchCORSConfiguration')
  }
})

test('DeleteBucketCors wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucketCors')
})
