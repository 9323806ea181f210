import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { abortionOf, DAY_MS, expiryOf, midnightAfter } from '../../../src/s3/buckets/lifecycle.ts'
import { startExpiring } from '../../../src/s3/expiry/expire.ts'
import { bodyOf, boundS3, NOW } from '../bound-s3.ts'

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
  // It has begun by itself, without the clock that it could be awaited by.
  while ((await call('ListObjectsV2', { Bucket: 'lake' })).KeyCount !== 0) await setImmediate()
})
