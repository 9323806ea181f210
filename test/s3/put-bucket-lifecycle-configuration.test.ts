import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { boundS3, NOW } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

const MIDNIGHT = Date.UTC(2026, 4, 2)
const enabled = { ID: 'rule', Status: 'Enabled' as const }

test('the SDK reads its rules back, and objects say when they will go', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const Bucket = 'lake'
  const Rules = [
    {
      ID: 'old logs',
      Status: 'Enabled' as const,
      Filter: { And: { Prefix: 'logs/', Tags: [{ Key: 'a', Value: 'b' }] } },
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 5 },
    },
    {
      ID: 'dated',
      Status: 'Disabled' as const,
      Filter: { Prefix: '' },
      Expiration: { Date: new Date(MIDNIGHT) },
    },
  ]
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules, Rules)
  const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'logs/1', Body: 'x', Tagging: 'a=b' }))
  assert.equal(put.Expiration, 'expiry-date="Mon, 01 Jun 2026 00:00:00 GMT", rule-id="old%20logs"')
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'logs/1' }))
  assert.equal(head.Expiration, put.Expiration)
  await s3.send(new DeleteBucketLifecycleCommand({ Bucket }))
  assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'logs/1' }))).Expiration, undefined)
  assert.deepEqual(errors, [])
})

test('rules that S3 does not take, and transitions, are refused', async () => {
  const { refused } = await boundS3()
  const put = async (...Rules: object[]) =>
    (await refused('PutBucketLifecycleConfiguration', { Bucket: 'lake', LifecycleConfiguration: { Rules } }))
      .code
  const rule = { ...enabled, Prefix: '', Expiration: { Days: 1 } }
  assert.equal(await put({ ...rule, Expiration: { Days: 0 } }), 'InvalidArgument')
  assert.equal(await put({ ...rule, Expiration: { Date: NOW } }), 'InvalidArgument')
  assert.equal(await put({ ...rule, Expiration: { Date: MIDNIGHT, Days: 1 } }), 'MalformedXML')
  assert.equal(await put({ ...rule, Expiration: undefined }), 'InvalidRequest')
  assert.equal(await put({ ...rule, Filter: {} }), 'MalformedXML')
  assert.equal(await put(rule, rule), 'InvalidArgument')
  assert.equal(await put({ ...rule, Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }), 'NotImplemented')
  assert.equal(
    await put({
      ...enabled,
      Filter: { Tag: { Key: 'a', Value: 'b' } },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    }),
    'InvalidRequest',
  )
  assert.equal(await put({ ...rule, NoncurrentVersionExpiration: {} }), 'MalformedXML')
  const Tags = ['1', '2'].map((Value) => ({ Key: 'twice', Value }))
  const twice = { ...rule, Prefix: undefined, Filter: { And: { Prefix: 'a', Tags } } }
  assert.equal(await put(twice), 'InvalidRequest')
  assert.equal(await put(), 'MalformedXML')
})

test('PutBucketLifecycleConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketLifecycleConfiguration', {
    LifecycleConfiguration: { Rules: [{ ...enabled, Prefix: '', Expiration: { Days: 1 } }] },
  })
})
