import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { abortionOf, DAY_MS, expiryOf, midnightAfter } from '../../src/s3/buckets/lifecycle.ts'
import { startExpiring } from '../../src/s3/expire.ts'
import { bodyOf, boundS3, NOW } from './bound-s3.ts'
import { serveS3 } from './serve-s3.ts'

const MIDNIGHT = Date.UTC(2026, 4, 2)
const enabled = { ID: 'rule', Status: 'Enabled' as const }
const object = { key: 'logs/a', sizeBytes: 100, tags: [{ Key: 'keep', Value: 'no' }], lastModified: NOW }

test('days end at the midnight that follows them', () => {
  assert.equal(midnightAfter(NOW), MIDNIGHT)
  assert.equal(midnightAfter(NOW, 3), MIDNIGHT + 3 * DAY_MS)
  assert.equal(midnightAfter(MIDNIGHT, 1), MIDNIGHT + DAY_MS)
})

test('a rule lets go what its filter selects, and the earliest rule wins', () => {
  const at = (rule: object) => expiryOf([{ ...enabled, Expiration: { Days: 1 }, ...rule }], object)?.at
  const due = MIDNIGHT + DAY_MS
  assert.equal(at({ Filter: {} }), due)
  assert.equal(at({ Prefix: 'logs/' }), due)
  assert.equal(at({ Filter: { Prefix: 'other/' } }), undefined)
  assert.equal(at({ Filter: { Tag: { Key: 'keep', Value: 'no' } } }), due)
  assert.equal(at({ Filter: { Tag: { Key: 'keep', Value: 'yes' } } }), undefined)
  assert.equal(at({ Filter: { ObjectSizeGreaterThan: 99 } }), due)
  assert.equal(at({ Filter: { ObjectSizeGreaterThan: 100 } }), undefined)
  assert.equal(at({ Filter: { And: { Prefix: 'logs/', ObjectSizeLessThan: 100 } } }), undefined)
  assert.equal(at({ Filter: { And: { Prefix: 'logs/', Tags: object.tags } } }), due)
  assert.equal(at({ Filter: {}, Status: 'Disabled' }), undefined)
  assert.equal(at({ Filter: {}, Expiration: { Date: MIDNIGHT } }), MIDNIGHT)
  const rules = [5, 2, 9].map((Days) => ({ ...enabled, ID: `${Days}`, Prefix: '', Expiration: { Days } }))
  assert.equal(expiryOf(rules, object)?.ruleId, '2')
  const abort = { ...enabled, Prefix: 'logs/', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }
  assert.equal(abortionOf([abort], { key: 'logs/a', initiatedAt: NOW })?.at, MIDNIGHT + 7 * DAY_MS)
  assert.equal(abortionOf([abort], { key: 'a', initiatedAt: NOW }), undefined)
})

test('objects and uploads go at their midnight, with their bytes, and nothing else does', async (t) => {
  const { s3, call, put, clock, liveBlobs, metadata } = await boundS3()
  const expiring = startExpiring(s3)
  t.after(() => expiring.close())
  const LARGE = 'x'.repeat(100_000)
  await call('PutBucketLifecycleConfiguration', {
    Bucket: 'lake',
    LifecycleConfiguration: {
      Rules: [
        { ...enabled, Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } },
        { Status: 'Enabled', Prefix: '', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } },
      ],
    },
  })
  for (let number = 0; number < 1200; number++)
    await put(`logs/${number}`, number % 400 === 0 ? LARGE : 'small')
  await put('kept', LARGE)
  const { UploadId } = await call('CreateMultipartUpload', { Bucket: 'lake', Key: 'parts' })
  await call('UploadPart', { Bucket: 'lake', Key: 'parts', UploadId, PartNumber: 1, Body: bodyOf(LARGE) })
  const keys = async () => {
    const { Contents, IsTruncated } = await call('ListObjectsV2', { Bucket: 'lake' })
    return IsTruncated ? 'many' : Contents.map(({ Key }: { Key: string }) => Key)
  }
  const uploads = async () => (await call('ListMultipartUploads', { Bucket: 'lake' })).Uploads.length

  await clock.advance(MIDNIGHT + DAY_MS - 1 - NOW)
  assert.equal(await keys(), 'many')
  await clock.advance(1)
  assert.deepEqual(await keys(), ['kept'])
  await clock.advance(1000)
  await put('logs/young', LARGE)
  assert.deepEqual(await keys(), ['kept', 'logs/young'])
  assert.equal(await uploads(), 1)
  await clock.advance(DAY_MS)
  assert.deepEqual(await keys(), ['kept', 'logs/young'])
  assert.equal(await uploads(), 0)
  await clock.advance(DAY_MS)
  assert.deepEqual(await keys(), ['kept'])
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 1)
  assert.deepEqual(await metadata.list({ prefix: 's3/i/' }), [])
})

test('what came due while nobody ran goes at the start', async (t) => {
  const { s3, call, put, clock } = await boundS3()
  await put('old', 'x')
  const Rules = [{ ...enabled, Prefix: '', Expiration: { Days: 1 } }]
  await call('PutBucketLifecycleConfiguration', { Bucket: 'lake', LifecycleConfiguration: { Rules } })
  await clock.advance(3 * DAY_MS)
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 1)
  const expiring = startExpiring(s3)
  t.after(() => expiring.close())
  await clock.advance(1)
  await expiring.close()
  assert.equal((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount, 0)
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
