import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('rules are given as they were put', async () => {
  const { call } = await boundS3()
  const CORSRules = [
    {
      ID: 'app',
      AllowedOrigins: ['https://*.example.com'],
      AllowedMethods: ['GET', 'PUT'],
      MaxAgeSeconds: 3000,
    },
  ]
  await call('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules } })
  assert.deepEqual((await call('GetBucketCors', { Bucket: 'lake' })).CORSRules, CORSRules)
})

test('a bucket without rules has no configuration', async () => {
  const { refused } = await boundS3()
  const { status, code, message } = await refused('GetBucketCors', { Bucket: 'lake' })
  assert.deepEqual(
    [status, code, message],
    [404, 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  )
})

test('GetBucketCors wants a bucket of the caller', async () => {
  await assertWantsBucket('GetBucketCors')
})
