import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setBucketQuota } from '../../../src/s3/usage/bucket-quota.ts'
import { type Answer, bodyOf, boundS3 } from '../bound-s3.ts'

const Bucket = 'lake'
const account = '123456789012'

/** A bucket with versions that may hold 1,000 bytes. */
async function lab() {
  const bound = await boundS3()
  const { s3, call, refused } = bound
  const versioning = (Status: string) =>
    call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } })
  await versioning('Enabled')
  await setBucketQuota(s3, { name: Bucket, account }, 1_000)
  const input = (Key: string, sizeBytes: number) => {
    const data = 'x'.repeat(sizeBytes)
    return { Bucket, Key, Body: bodyOf(data), ContentLength: sizeBytes }
  }
  const put = async (Key: string, sizeBytes: number): Promise<string> =>
    (await call('PutObject', input(Key, sizeBytes))).VersionId
  const isFull = async (name: string, more: object) =>
    assert.deepEqual((await refused(name, { Bucket, ...more })).code, 'QuotaExceeded')
  return { ...bound, versioning, put, isFull, input }
}

test('old versions count with what a bucket may hold, until they are deleted for good', async () => {
  const { s3, call, put, isFull, input } = await lab()
  const first = await put('k', 400)
  await put('k', 400)
  assert.deepEqual(s3.usage.of(Bucket), { objects: 2, bytes: 800, uploadBytes: 0 })
  // It replaces nothing.
  await isFull('PutObject', input('k', 400))
  await isFull('CopyObject', { Key: 'k', CopySource: `lake/k?versionId=${first}` })
  const { VersionId: marker } = await call('DeleteObject', { Bucket, Key: 'k' })
  assert.deepEqual(s3.usage.of(Bucket), { objects: 3, bytes: 800, uploadBytes: 0 })
  await isFull('PutObject', input('k', 400))
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: marker })
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: first })
  await put('k', 600)
  await isFull('PutObject', input('other', 1))
  const { Versions } = await call('ListObjectVersions', { Bucket })
  const Objects = Versions.map(({ Key, VersionId }: Answer) => ({ Key, VersionId }))
  await call('DeleteObjects', { Bucket, Delete: { Objects } })
  assert.deepEqual(s3.usage.of(Bucket), { objects: 0, bytes: 0, uploadBytes: 0 })
  await put('other', 1_000)
})

test('what takes the place of the null version needs room for the rest alone, wherever that lies', async () => {
  const { s3, versioning, put, isFull, input, call } = await lab()
  await versioning('Suspended')
  await put('k', 600)
  await put('k', 700)
  await versioning('Enabled')
  await isFull('PutObject', input('k', 700))
  await put('k', 200)
  await versioning('Suspended')
  // The null version lies under another one.
  await isFull('PutObject', input('k', 801))
  await put('k', 800)
  assert.deepEqual(s3.usage.of(Bucket), { objects: 2, bytes: 1_000, uploadBytes: 0 })
  await call('CopyObject', { Bucket, Key: 'k', CopySource: 'lake/k', MetadataDirective: 'REPLACE' })
  assert.deepEqual(s3.usage.of(Bucket), { objects: 2, bytes: 1_000, uploadBytes: 0 })
  // A delete marker takes its place as well.
  await call('DeleteObject', { Bucket, Key: 'k' })
  assert.deepEqual(s3.usage.of(Bucket), { objects: 2, bytes: 200, uploadBytes: 0 })
  await isFull('PutObject', input('k', 801))
  await put('k', 800)
  assert.deepEqual(s3.usage.of(Bucket), { objects: 2, bytes: 1_000, uploadBytes: 0 })
})
