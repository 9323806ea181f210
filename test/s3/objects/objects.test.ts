import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noMeters } from '../../../src/metrics/meters.ts'
import { INLINE_BYTES } from '../../../src/s3/content/content.ts'
import { boundS3 } from '../bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)

test('small and large objects, and empty ones, keep their bytes', async () => {
  const { put, get, liveBlobs } = await boundS3()
  for (const size of [0, 1, INLINE_BYTES, INLINE_BYTES + 1, LARGE.length]) {
    await put('object', LARGE.slice(0, size))
    assert.equal(await get('object'), LARGE.slice(0, size))
  }
  assert.equal(liveBlobs.size, 1)
})

test('overwritten and deleted bytes are given back', async () => {
  const { s3, put, call, metadata, liveBlobs } = await boundS3()
  await put('object', LARGE)
  await put('object', LARGE)
  await put('small', 'abc')
  await call('DeleteObject', { Bucket: 'lake', Key: 'small' })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 1)
  await call('DeleteObject', { Bucket: 'lake', Key: 'object' })
  await s3.collector.idle()
  assert.equal(liveBlobs.size, 0)
  assert.deepEqual(
    (await metadata.list({ prefix: 's3/' })).map(({ key }) => key),
    ['s3/b/lake'],
  )
})

test('each request is counted as AWS bills it', async () => {
  const used: string[] = []
  const meters = { ...noMeters, use: (meter: string) => void used.push(meter) }
  const { put, get, call } = await boundS3({ meters })
  await put('object', 'abc')
  await get('object')
  await call('ListObjectsV2', { Bucket: 'lake' })
  await call('DeleteObject', { Bucket: 'lake', Key: 'object' })
  await call('HeadBucket', { Bucket: 'lake' })
  const [puts, gets] = ['s3-put-requests', 's3-get-requests']
  assert.deepEqual(used, [puts, puts, gets, puts, gets])
})
