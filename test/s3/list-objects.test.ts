import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from './bound-s3.ts'
import { assertWantsBucket, assertWantsQuery } from './resource-refusals.ts'

const KEYS = ['a', 'logs/2026/1', 'logs/2026/2', 'logs/x', 'z z', 'ü']

test('folders are folded, and the next marker is the last of a page', async () => {
  const { call, put } = await boundS3()
  for (const key of KEYS) await put(key, key)
  const inner = await call('ListObjects', { Bucket: 'lake', Delimiter: '/', Prefix: 'logs/', MaxKeys: 1 })
  assert.deepEqual([inner.CommonPrefixes, inner.NextMarker], [[{ Prefix: 'logs/2026/' }], 'logs/2026/'])
  const last = await call('ListObjects', {
    Bucket: 'lake',
    Delimiter: '/',
    Prefix: 'logs/',
    Marker: inner.NextMarker,
  })
  assert.deepEqual([last.Contents[0].Key, last.IsTruncated, last.CommonPrefixes], ['logs/x', false, []])
})

test('what cannot be read is refused', async () => {
  await assertWantsQuery('ListObjects')
})

test('ListObjects wants a bucket of the caller', async () => {
  await assertWantsBucket('ListObjects')
})
