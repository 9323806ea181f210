import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { DAY_MS, midnightAfter } from '../../../src/s3/buckets/lifecycle.ts'
import { isMarkerDue, noncurrentExpiryOf } from '../../../src/s3/buckets/noncurrent-expiry.ts'
import { expire, startExpiring } from '../../../src/s3/expiry/expire.ts'
import { type Answer, boundS3, NOW } from '../bound-s3.ts'

const Bucket = 'lake'
const enabled = { ID: 'rule', Status: 'Enabled' as const }
const version = { key: 'logs/a', sizeBytes: 100, tags: [], noncurrentAt: NOW, newer: 2 }

test('a noncurrent version goes days after it became one, but for the newest that a rule keeps', () => {
  const at = (expiration: object, rule: object = {}, more: object = {}) =>
    noncurrentExpiryOf([{ ...enabled, Filter: {}, NoncurrentVersionExpiration: expiration, ...rule }], {
      ...version,
      ...more,
    })
  const due = midnightAfter(NOW, 3)
  assert.equal(at({ NoncurrentDays: 3 }), due)
  assert.equal(at({ NoncurrentDays: 3, NewerNoncurrentVersions: 2 }), due)
  assert.equal(at({ NoncurrentDays: 3, NewerNoncurrentVersions: 3 }), undefined)
  assert.equal(at({ NoncurrentDays: 3 }, { Filter: { Prefix: 'other/' } }), undefined)
  assert.equal(at({ NoncurrentDays: 3 }, { Status: 'Disabled' }), undefined)
  assert.equal(at({ NoncurrentDays: 3 }, { Filter: { ObjectSizeGreaterThan: 100 } }), undefined)
  assert.equal(at({}), undefined)
})

test('a delete marker with nothing under it goes by name, or by its age', () => {
  const marker = { key: 'logs/a', lastModified: NOW }
  const isDue = (Expiration: object, now: number, Filter: object = {}) =>
    isMarkerDue([{ ...enabled, Filter, Expiration }], marker, now)
  assert.equal(isDue({ ExpiredObjectDeleteMarker: true }, NOW), true)
  assert.equal(isDue({ ExpiredObjectDeleteMarker: false }, NOW + 9 * DAY_MS), false)
  assert.equal(isDue({ Days: 2 }, midnightAfter(NOW, 2) - 1), false)
  assert.equal(isDue({ Days: 2 }, midnightAfter(NOW, 2)), true)
  assert.equal(isDue({ Days: 2 }, midnightAfter(NOW, 2), { Tag: { Key: 'a', Value: 'b' } }), false)
})

test('rules about noncurrent versions that S3 does not take are refused', async () => {
  const { refused, call } = await boundS3()
  const input = (rule: object) => ({
    Bucket,
    LifecycleConfiguration: { Rules: [{ ...enabled, Filter: {}, ...rule }] },
  })
  const code = async (rule: object) => (await refused('PutBucketLifecycleConfiguration', input(rule))).code
  const noncurrent = (NoncurrentVersionExpiration: object) => ({ NoncurrentVersionExpiration })
  assert.equal(await code(noncurrent({})), 'MalformedXML')
  assert.equal(await code(noncurrent({ NewerNoncurrentVersions: 2 })), 'MalformedXML')
  assert.equal(await code(noncurrent({ NoncurrentDays: 0 })), 'InvalidArgument')
  for (const NewerNoncurrentVersions of [0, 101])
    assert.equal(await code(noncurrent({ NoncurrentDays: 1, NewerNoncurrentVersions })), 'InvalidArgument')
  const unfiltered = { Filter: undefined, Prefix: '' }
  const kept = noncurrent({ NoncurrentDays: 1, NewerNoncurrentVersions: 1 })
  assert.equal(await code({ ...kept, ...unfiltered }), 'InvalidRequest')
  const tagged = { Filter: { Tag: { Key: 'a', Value: 'b' } } }
  assert.equal(await code({ ...tagged, Expiration: { ExpiredObjectDeleteMarker: true } }), 'InvalidRequest')
  await call('PutBucketLifecycleConfiguration', input(kept))
})

/** A bucket whose rules are at work, and what it lists: `key` and, behind it, what each of its versions is. */
async function expiringBucket(t: { after(done: () => unknown): void }, rules: readonly object[]) {
  const bound = await boundS3()
  const expiring = startExpiring(bound.s3)
  t.after(() => expiring.close())
  const Rules = rules.map((rule, index) => ({ ID: `${index}`, Status: 'Enabled', ...rule }))
  await bound.call('PutBucketLifecycleConfiguration', { Bucket, LifecycleConfiguration: { Rules } })
  const set = (Status: string) =>
    bound.call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } })
  await set('Enabled')
  const listed = async () => {
    const { Versions, DeleteMarkers } = await bound.call('ListObjectVersions', { Bucket })
    const entries = await Promise.all([
      ...Versions.map(async ({ Key, VersionId }: Answer) => `${Key} ${await bound.get(Key, { VersionId })}`),
      ...DeleteMarkers.map(async ({ Key, IsLatest }: Answer) => `${Key} marker${IsLatest ? '' : ', older'}`),
    ])
    return entries.sort()
  }
  return { ...bound, set, listed }
}

test('an object that expires leaves a delete marker, its versions go later, and then the marker', async (t) => {
  const { clock, put, listed, metadata } = await expiringBucket(t, [
    { Filter: { Prefix: 'a' }, Expiration: { Days: 1 } },
    { Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 2 } },
  ])
  await put('a', '1')
  await put('a', '2')
  await put('b', '1')
  await clock.advance(midnightAfter(NOW, 1) - NOW - 1)
  assert.deepEqual(await listed(), ['a 1', 'a 2', 'b 1'])
  await clock.advance(1)
  assert.deepEqual(await listed(), ['a 1', 'a 2', 'a marker', 'b 1'])
  // The first has been noncurrent since it was put over; the second since the marker.
  await clock.advance(DAY_MS)
  assert.deepEqual(await listed(), ['a 2', 'a marker', 'b 1'])
  await clock.advance(DAY_MS)
  assert.deepEqual(await listed(), ['b 1'])
  assert.deepEqual(await metadata.list({ prefix: 's3/h/' }), [])
})

test('the newest noncurrent versions are kept, each key for itself', async (t) => {
  const { clock, put, listed } = await expiringBucket(t, [
    { Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } },
  ])
  for (const key of ['a', 'b']) for (const text of ['1', '2', '3', '4', '5']) await put(key, text)
  await put('c', '1')
  await clock.advance(midnightAfter(NOW, 1) - NOW)
  assert.deepEqual(await listed(), ['a 3', 'a 4', 'a 5', 'b 3', 'b 4', 'b 5', 'c 1'])
})

test('more noncurrent versions than a page has go, and a marker that hides something stays', async (t) => {
  const { clock, put, call, listed, s3, liveBlobs } = await expiringBucket(t, [
    { Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 5 } },
    { Filter: {}, Expiration: { ExpiredObjectDeleteMarker: true } },
  ])
  for (let number = 0; number < 1_100; number++) await put('a', `${number}`)
  await put('b', 'x'.repeat(100_000))
  await call('DeleteObject', { Bucket, Key: 'b' })
  await call('DeleteObject', { Bucket, Key: 'never' })
  await clock.advance(midnightAfter(NOW) - NOW)
  // The marker of what never was has nothing under it.
  const before = await call('ListObjectVersions', { Bucket, Prefix: 'n' })
  assert.deepEqual(before.DeleteMarkers, [])
  assert.equal(liveBlobs.size, 1)
  await clock.advance(6 * DAY_MS)
  assert.deepEqual(await listed(), ['a 1099'])
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
})

test('while versions are suspended, an object that expires leaves a null marker in its place', async (t) => {
  const { clock, put, listed, set, call } = await expiringBucket(t, [{ Filter: {}, Expiration: { Days: 1 } }])
  await put('a', 'version')
  await set('Suspended')
  await put('a', 'null')
  await clock.advance(midnightAfter(NOW, 1) - NOW)
  assert.deepEqual(await listed(), ['a marker', 'a version'])
  const { DeleteMarkers } = await call('ListObjectVersions', { Bucket })
  assert.equal(DeleteMarkers[0].VersionId, 'null')
})

test('a bucket in which something cannot be removed keeps no other from being tidied', async () => {
  const engine = createMemoryEngine({
    clock: createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError }),
  })
  const commit: typeof engine.metadata.commit = async (changes) => {
    assert.ok(!changes.some((change) => 'delete' in change && change.delete === 's3/o/first\0k'), 'stuck')
    return await engine.metadata.commit(changes)
  }
  const metadata = { ...engine.metadata, commit }
  const { s3, call, put, refused, clock } = await boundS3({ engine: { ...engine, metadata } })
  await call('CreateBucket', { Bucket: 'first' })
  await call('PutObject', { Bucket: 'first', Key: 'k' })
  await put('k', 'x')
  const Rules = [{ ...enabled, Filter: {}, Expiration: { Days: 1 } }]
  for (const each of ['first', Bucket])
    await call('PutBucketLifecycleConfiguration', { Bucket: each, LifecycleConfiguration: { Rules } })
  await clock.advance(3 * DAY_MS)
  await assert.rejects(expire(s3, new AbortController().signal), { message: 'stuck' })
  assert.equal((await refused('GetObject', { Bucket, Key: 'k' })).code, 'NoSuchKey')
})
