import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundS3, NOW } from './bound-s3.ts'
import { assertWantsBucket, assertWantsQuery } from './resource-refusals.ts'

const KEYS = ['a', 'logs/2026/1', 'logs/2026/2', 'logs/x', 'z z', 'ü']

async function filled() {
  const bound = await boundS3()
  for (const key of KEYS) await bound.put(key, key)
  return bound
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
})

test('keys are escaped as forms are, but for slashes', async () => {
  const { put, call } = await boundS3()
  await put("a b/+*~!()'-_.é%/date=1@:\u0001", '')
  const page = await call('ListObjectsV2', { Bucket: 'lake', EncodingType: 'url', Delimiter: '' })
  assert.equal(page.Contents[0].Key, 'a+b/%2B*%7E%21%28%29%27-_.%C3%A9%25/date%3D1%40%3A%01')
  assert.equal(page.Delimiter, undefined)
})

test('what cannot be read is refused', async () => {
  await assertWantsQuery('ListObjectsV2')
  const { refused } = await boundS3()
  const { code, message } = await refused('ListObjectsV2', { Bucket: 'lake', ContinuationToken: '!' })
  assert.deepEqual([code, message], ['InvalidArgument', 'The continuation token provided is incorrect'])
})

test('ListObjectsV2 wants a bucket of the caller', async () => {
  await assertWantsBucket('ListObjectsV2')
})
