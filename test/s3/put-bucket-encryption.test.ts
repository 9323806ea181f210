import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const Bucket = 'lake'

const sse = (...Rules: object[]) => ({ Bucket, ServerSideEncryptionConfiguration: { Rules } })
const AES256 = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }

test('keys of S3 are the default, and what is said besides is kept', async () => {
  const { call } = await boundS3()
  for (const rule of [
    { ...AES256, BucketKeyEnabled: false },
    { ...AES256, BucketKeyEnabled: true },
    { ...AES256, BucketKeyEnabled: false, BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } },
  ]) {
    await call('PutBucketEncryption', sse(rule))
    const answer = await call('GetBucketEncryption', { Bucket })
    assert.deepEqual(answer.ServerSideEncryptionConfiguration.Rules, [rule])
    await call('PutBucketEncryption', { Bucket, ...answer })
  }
})

test('keys of KMS are refused by name, and what is no rule is malformed', async () => {
  const { refused } = await boundS3()
  const byDefault = (SSEAlgorithm: string, more: object = {}) =>
    sse({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...more } })
  for (const [input, code] of [
    [byDefault('aws:kms'), 'NotImplemented'],
    [byDefault('aws:kms:dsse', { KMSMasterKeyID: 'key' }), 'NotImplemented'],
    [byDefault('AES256', { KMSMasterKeyID: 'key' }), 'InvalidArgument'],
    [byDefault('ROT13'), 'MalformedXML'],
    [sse(), 'MalformedXML'],
    [sse(AES256, AES256), 'MalformedXML'],
  ] as const)
    assert.equal((await refused('PutBucketEncryption', input)).code, code, JSON.stringify(input))
})

test('PutBucketEncryption wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketEncryption', sse(AES256))
})
