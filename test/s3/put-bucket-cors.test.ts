import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

test('rules that S3 does not take are refused', async () => {
  const { refused } = await boundS3()
  const put = async (rule: object) =>
    (await refused('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules: [rule] } })).code
  const rule = { AllowedOrigins: ['*'], AllowedMethods: ['GET'] }
  assert.equal(await put({ ...rule, AllowedMethods: ['PATCH'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedOrigins: ['*.*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedHeaders: ['x-*-*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, ExposeHeaders: ['x-*'] }), 'InvalidRequest')
  assert.equal(await put({ ...rule, AllowedMethods: [] }), 'MalformedXML')
  assert.equal(
    (await refused('PutBucketCors', { Bucket: 'lake', CORSConfiguration: { CORSRules: [] } })).code,
    'MalformedXML',
  )
})

test('the rules that were put last are those of the bucket', async () => {
  const { call } = await boundS3()
  const Bucket = 'lake'
  const CORSRules = [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'], ExposeHeaders: ['ETag'] }]
  await call('PutBucketCors', {
    Bucket,
    CORSConfiguration: { CORSRules: [{ ...CORSRules[0], ID: 'first' }] },
  })
  assert.deepEqual(await call('PutBucketCors', { Bucket, CORSConfiguration: { CORSRules } }), {})
  assert.deepEqual((await call('GetBucketCors', { Bucket })).CORSRules, CORSRules)
})

test('PutBucketCors wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketCors', {
    CORSConfiguration: { CORSRules: [{ AllowedOrigins: ['*'], AllowedMethods: ['GET'] }] },
  })
})
