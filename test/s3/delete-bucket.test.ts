import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { bodyOf, boundS3, NOW } from './bound-s3.ts'
import { assertWantsBucket } from './resource-refusals.ts'

const LARGE = 'standpipe'.repeat(20_000)

/** An engine whose calls take a few turns each, a different few in every round. */
function slowly(seed: number): Engine {
  const engine = createMemoryEngine({ clock: { now: () => NOW } })
  let state = seed * 7919 + 1
  const pause = async () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    for (let turn = state % 6; turn > 0; turn--) await new Promise(setImmediate)
  }
  const { metadata } = engine
  return {
    ...engine,
    metadata: {
      ...metadata,
      get: async (key) => pause().then(() => metadata.get(key)),
      list: async (range) => pause().then(() => metadata.list(range)),
      commit: async (changes) => pause().then(() => metadata.commit(changes)),
    },
  }
}

test('a bucket goes only when it is empty, and with it the uploads that never ended', async () => {
  const { s3, call, refused, put, metadata, liveBlobs } = await boundS3()
  await put('object', 'abc')
  assert.equal((await refused('DeleteBucket', { Bucket: 'lake' })).code, 'BucketNotEmpty')
  assert.equal((await put('other', 'abc')).ETag.length, 34)
  for (const Key of ['object', 'other']) await call('DeleteObject', { Bucket: 'lake', Key })
  const { UploadId } = await call('CreateMultipartUpload', { Bucket: 'lake', Key: 'object' })
  const part = { Bucket: 'lake', Key: 'object', UploadId, PartNumber: 1 }
  await call('UploadPart', { ...part, Body: bodyOf(LARGE) })
  await call('DeleteBucket', { Bucket: 'lake' })
  await s3.collector.idle()
  assert.deepEqual(await metadata.list({ prefix: 's3/' }), [])
  assert.equal(liveBlobs.size, 0)
  assert.equal((await refused('HeadBucket', { Bucket: 'lake' })).code, 'NoSuchBucket')
  assert.equal((await refused('DeleteBucket', { Bucket: 'lake' })).code, 'NoSuchBucket')
})

test('no object ever lands in a bucket that is deleted at the same time', async () => {
  for (let round = 0; round < 40; round++) {
    const { metadata, put, call } = await boundS3({ engine: slowly(round) })
    const [stored, deleted] = await Promise.allSettled([
      put('object', 'abc'),
      call('DeleteBucket', { Bucket: 'lake' }),
    ])
    const left = (await metadata.list({ prefix: 's3/' })).map(({ key }) => key)
    if (deleted.status === 'fulfilled') assert.deepEqual(left, [], `round ${round}`)
    assert.equal(stored.status === 'fulfilled', left.includes('s3/o/lake\0object'), `round ${round}`)
    assert.notEqual(stored.status, deleted.status, `round ${round}`)
  }
})

test('DeleteBucket wants a bucket of the caller', async () => {
  await assertWantsBucket('DeleteBucket')
})
