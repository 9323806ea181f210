import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3, NOW } from './bound-s3.ts'

const KEYS = ['a', 'logs/2026/1', 'logs/2026/2', 'logs/x', 'z z', 'ü']

async function filled() {
  const bound = await boundS3()
  for (const key of KEYS) await bound.put(key, key)
  return bound
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

interface Page {
  readonly NextContinuationToken?: string
  readonly NextKeyMarker?: string
  readonly Contents?: readonly { readonly Key: string }[]
}

test('an object is listed with its size, time, ETag and checksum algorithm', async () => {
  const { call } = await filled()
  const { Contents } = await call('ListObjectsV2', { Bucket: 'lake', MaxKeys: 1 })
  assert.deepEqual(Contents, [
    {
      Key: 'a',
      LastModified: NOW,
      ETag: '"0cc175b9c0f1b6a831c399e269772661"',
      ChecksumAlgorithm: ['CRC64NVME'],
      ChecksumType: 'FULL_OBJECT',
      Size: 1,
      StorageClass: 'STANDARD',
    },
  ])
})

test('folders are folded and counted, and keys are escaped where it is asked for', async () => {
  const { call } = await filled()
  const page = await call('ListObjectsV2', {
    Bucket: 'lake',
    Delimiter: '/',
    EncodingType: 'url',
    StartAfter: 'a',
  })
  assert.deepEqual(page.CommonPrefixes, [{ Prefix: 'logs/' }])
  assert.deepEqual(
    page.Contents.map(({ Key }: { Key: string }) => Key),
    ['z+z', '%C3%BC'],
  )
  assert.equal(page.KeyCount, 3)
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

test('keys are escaped as forms are, but for slashes', async () => {
  const { put, call } = await boundS3()
  await put("a b/+*~!()'-_.é%/date=1@:\u0001", '')
  const page = await call('ListObjectsV2', { Bucket: 'lake', EncodingType: 'url', Delimiter: '' })
  assert.equal(page.Contents[0].Key, 'a+b/%2B*%7E%21%28%29%27-_.%C3%A9%25/date%3D1%40%3A%01')
  assert.equal(page.Delimiter, undefined)
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

test('a listing refuses what it cannot read', async () => {
  const { refused } = await boundS3()
  const list = { Bucket: 'lake' }
  assert.equal((await refused('ListObjectsV2', { ...list, MaxKeys: -1 })).code, 'InvalidArgument')
  assert.equal((await refused('ListObjectsV2', { ...list, ContinuationToken: '!' })).code, 'InvalidArgument')
  assert.equal((await refused('ListObjects', { ...list, EncodingType: 'gzip' })).code, 'InvalidArgument')
  assert.equal((await refused('ListObjects', { ...list, Prefix: 'p'.repeat(1025) })).code, 'KeyTooLongError')
  assert.equal((await refused('ListObjects', { Bucket: 'nowhere' })).code, 'NoSuchBucket')
})
