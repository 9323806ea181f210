import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problems } from '../../../src/metrics/problems.ts'
import { historyKey } from '../../../src/s3/documents.ts'
import { orderOf } from '../../../src/s3/objects/version-id.ts'
import { keptKey } from '../../../src/s3/objects/versions/kept-version.ts'
import { type Answer, boundS3 } from '../bound-s3.ts'

const Bucket = 'lake'

async function versionedBucket(options: Parameters<typeof boundS3>[0] = {}) {
  const bound = await boundS3(options)
  const VersioningConfiguration = { Status: 'Enabled' }
  await bound.call('PutBucketVersioning', { Bucket, VersioningConfiguration })
  const ids: string[] = []
  for (const text of ['1', '2', '3']) ids.push((await bound.put('k', text)).VersionId)
  const listed = async () => {
    const { Versions } = await bound.call('ListObjectVersions', { Bucket })
    return Versions.map(({ VersionId }: Answer) => ids.indexOf(VersionId))
  }
  /** What is there is no document of its kind any more. */
  const damage = (key: string) => bound.metadata.commit([{ put: key, value: 'damaged' }])
  return { ...bound, ids, listed, damage }
}

test('a version that is damaged hides no other, and can be deleted by its id', async () => {
  const { call, get, refused, ids, listed, damage } = await versionedBucket()
  const VersionId = ids[1]!
  await damage(keptKey(Bucket, 'k', orderOf(VersionId)!))
  assert.deepEqual(await listed(), [2, 0])
  assert.equal((await refused('GetObject', { Bucket, Key: 'k', VersionId })).code, 'InternalError')
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: ids[2] })
  assert.equal(await get('k'), '1')
  assert.equal((await refused('DeleteBucket', { Bucket })).code, 'BucketNotEmpty')
  await call('DeleteObject', { Bucket, Key: 'k', VersionId })
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: ids[0] })
  await call('DeleteBucket', { Bucket })
})

test('what a damaged history was to tell is told by the versions themselves', async () => {
  const { call, put, get, refused, ids, listed, damage, metadata } = await versionedBucket()
  const { VersionId: marker } = await call('DeleteObject', { Bucket, Key: 'k' })
  await damage(historyKey(Bucket, 'k'))
  assert.equal((await refused('GetObject', { Bucket, Key: 'k' })).code, 'NoSuchKey')
  assert.deepEqual(await listed(), [2, 1, 0])
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: marker })
  assert.equal(await get('k'), '3')
  await damage(historyKey(Bucket, 'k'))
  ids.push((await put('k', '4')).VersionId)
  assert.deepEqual(await listed(), [3, 2, 1, 0])
  for (const VersionId of ids) await call('DeleteObject', { Bucket, Key: 'k', VersionId })
  assert.deepEqual(
    (await metadata.list({ prefix: 's3/' })).map(({ key }) => key),
    ['s3/b/lake'],
  )
})

test('an object that is damaged is put over by a version that is newer than all others', async () => {
  const { put, get, ids, listed, damage } = await versionedBucket()
  await damage('s3/o/lake\0k')
  ids.push((await put('k', '4')).VersionId)
  assert.equal(await get('k'), '4')
  assert.deepEqual(await listed(), [3, 1, 0])
})

test('an object that is damaged hides no other version, and is said once, by its key', async () => {
  const said = new Map<string, string>()
  const problems: Problems = {
    report: ({ where, what }) => void said.set(where, what),
    solved: (_, where) => void said.delete(where),
  }
  const { call, get, put, refused, ids, damage } = await versionedBucket({ problems })
  await damage('s3/o/lake\0k')
  const [first, second, third] = ids
  assert.equal(await get('k', { VersionId: first }), '1')
  const CopySource = `lake/k?versionId=${second}`
  await call('CopyObject', { Bucket, Key: 'copy', CopySource })
  assert.equal(await get('copy'), '2')
  assert.equal(said.size, 0)
  for (const VersionId of [third, undefined])
    assert.equal((await refused('GetObject', { Bucket, Key: 'k', VersionId })).code, 'InternalError')
  assert.match([...said.values()].join(), /^object "k" is damaged .*: delete it, or put it again$/)
  await put('k', '4')
  assert.equal(said.size, 0)
  assert.equal((await refused('GetObject', { Bucket, Key: 'k', VersionId: third })).code, 'NoSuchVersion')
})

test('an object that is damaged is deleted by its own version, and what lies under it is the object then', async () => {
  const said = new Map<string, string>()
  const problems: Problems = {
    report: ({ where, what }) => void said.set(where, what),
    solved: (_, where) => void said.delete(where),
  }
  const { call, get, refused, ids, listed, damage } = await versionedBucket({ problems })
  const [first, second, third] = ids
  await damage('s3/o/lake\0k')
  assert.equal((await refused('GetObject', { Bucket, Key: 'k' })).code, 'InternalError')
  assert.equal((await call('DeleteObject', { Bucket, Key: 'k', VersionId: first })).VersionId, first)
  assert.equal((await refused('GetObject', { Bucket, Key: 'k' })).code, 'InternalError')
  assert.equal(said.size, 1)
  assert.equal((await call('DeleteObject', { Bucket, Key: 'k', VersionId: third })).VersionId, third)
  assert.equal(said.size, 0)
  assert.equal(await get('k'), '2')
  assert.deepEqual(await listed(), [1])
  await damage('s3/o/lake\0k')
  const Objects = [{ Key: 'k', VersionId: second }]
  assert.equal(((await call('DeleteObjects', { Bucket, Delete: { Objects } })).Errors ?? []).length, 0)
  await call('DeleteBucket', { Bucket })
})

test('the damaged null version is deleted by its name, be there versions above it or below it', async () => {
  const { call, put, refused, get, metadata } = await boundS3()
  const version = (Status: string) =>
    call('PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } })
  await put('k', 'null')
  await version('Enabled')
  await metadata.commit([{ put: 's3/o/lake\0k', value: 'damaged' }])
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: 'null' })
  assert.equal((await refused('GetObject', { Bucket, Key: 'k' })).code, 'NoSuchKey')
  const { VersionId } = await put('k', 'named')
  await version('Suspended')
  await put('k', 'null')
  await metadata.commit([{ put: 's3/o/lake\0k', value: 'damaged' }])
  await call('DeleteObject', { Bucket, Key: 'k', VersionId: 'null' })
  assert.equal(await get('k'), 'named')
  await call('DeleteObject', { Bucket, Key: 'k', VersionId })
  await call('DeleteBucket', { Bucket })
})
