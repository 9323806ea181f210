import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, boundS3 } from './bound-s3.ts'
import { assertWantsBucket, assertWantsQuery } from './resource-refusals.ts'

test('an object is its own null version, and the latest', async () => {
  const { call, put } = await boundS3()
  await put('a', 'x')
  await put('b/c', 'x')
  const listed = await call('ListObjectVersions', { Bucket: 'lake', Delimiter: '/' })
  assert.deepEqual(
    listed.Versions.map(({ Key, VersionId, IsLatest }: Answer) => [Key, VersionId, IsLatest]),
    [['a', 'null', true]],
  )
  assert.deepEqual(listed.CommonPrefixes, [{ Prefix: 'b/' }])
  assert.deepEqual([listed.IsTruncated, listed.DeleteMarkers], [false, []])
})

test('what cannot be read is refused', async () => {
  await assertWantsQuery('ListObjectVersions')
})

test('ListObjectVersions wants a bucket of the caller', async () => {
  await assertWantsBucket('ListObjectVersions')
})
