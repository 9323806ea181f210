import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3 } from '../bound-s3.ts'

const KEYS = ['a', 'logs/2026/1', 'logs/2026/2', 'logs/x', 'z z', 'ü']

async function filled() {
  const bound = await boundS3()
  for (const key of KEYS) await bound.put(key, key)
  return bound
}

interface Page {
  readonly NextContinuationToken?: string
  readonly NextKeyMarker?: string
  readonly Contents?: readonly { readonly Key: string }[]
}

test('every listing operation shows the same keys, page by page', async () => {
  const { call } = await filled()
  const walks = [
    ['ListObjectsV2', 'Contents', (page: Page) => ({ ContinuationToken: page.NextContinuationToken })],
    ['ListObjects', 'Contents', (page: Page) => ({ Marker: page.Contents!.at(-1)!.Key })],
    ['ListObjectVersions', 'Versions', (page: Page) => ({ KeyMarker: page.NextKeyMarker })],
  ] as const
  for (const [name, member, next] of walks) {
    const keys: string[] = []
    for (let more: object = {}; ; ) {
      const page = await call(name, { Bucket: 'lake', MaxKeys: 4, ...more })
      for (const { Key } of page[member]) keys.push(Key)
      if (!page.IsTruncated) break
      more = next(page)
    }
    assert.deepEqual(keys, KEYS, name)
  }
})

test('a marker in a folder stands for the folder, a start-after does not', async () => {
  const { call } = await filled()
  const query = { Bucket: 'lake', Prefix: 'logs/', Delimiter: '/', MaxKeys: 1 }
  const inside = 'logs/2026/1'
  const objects = await call('ListObjects', { ...query, Marker: inside })
  assert.deepEqual([objects.Contents[0].Key, objects.CommonPrefixes], ['logs/x', []])
  const versions = await call('ListObjectVersions', { ...query, KeyMarker: inside })
  assert.deepEqual([versions.Versions[0].Key, versions.CommonPrefixes], ['logs/x', []])
  const after = await call('ListObjectsV2', { ...query, StartAfter: inside })
  assert.deepEqual([after.StartAfter, after.CommonPrefixes], [inside, [{ Prefix: 'logs/2026/' }]])
  const ContinuationToken = after.NextContinuationToken
  const next = await call('ListObjectsV2', { ...query, StartAfter: inside, ContinuationToken })
  assert.deepEqual([next.StartAfter, next.Contents[0].Key], [undefined, 'logs/x'])
})
