import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { EngineError, type MetadataStore } from '../../../src/engine/ports/engine.ts'
import { bodyOf, boundS3, NOW } from '../bound-s3.ts'

const LARGE = 'standpipe'.repeat(20_000)
const clock = { now: () => NOW }
const bucket = { Bucket: 'lake' }

/** S3 on an engine that takes few changes in one commit, as those do that several machines share. */
async function ofFewChanges() {
  const engine = createMemoryEngine({ clock, changes: 900 })
  const bound = await boundS3({ engine })
  const keysBelow = async (prefix: string) => (await engine.metadata.list({ prefix })).map(({ key }) => key)
  return { ...bound, keysBelow }
}

test('a thousand objects are deleted by one call, whatever one commit takes', async () => {
  const { call, put, s3, keysBelow, liveBlobs } = await ofFewChanges()
  for (let n = 0; n < 1_000; n++) await put(`object ${n}`, n === 999 ? LARGE : `${n}`)
  const Objects = Array.from({ length: 1_000 }, (_, n) => ({ Key: `object ${n}` }))
  const { Deleted, Errors } = await call('DeleteObjects', { ...bucket, Delete: { Objects } })
  assert.deepEqual([Deleted.length, Errors], [1_000, []])
  await s3.collector.idle()
  assert.deepEqual(await keysBelow('s3/o/'), [])
  assert.deepEqual(await keysBelow('s3/i/'), [])
  assert.deepEqual(await keysBelow('s3/g/'), [])
  assert.equal(liveBlobs.size, 0)
})

test('an upload of many parts is given back, whatever one commit takes', async () => {
  const { call, s3, keysBelow } = await ofFewChanges()
  const { UploadId } = await call('CreateMultipartUpload', { ...bucket, Key: 'object' })
  for (let PartNumber = 1; PartNumber <= 500; PartNumber++)
    await call('UploadPart', { ...bucket, Key: 'object', UploadId, PartNumber, Body: bodyOf('part') })
  await call('AbortMultipartUpload', { ...bucket, Key: 'object', UploadId })
  await s3.collector.idle()
  for (const prefix of ['s3/p/', 's3/i/', 's3/g/', 's3/u/']) assert.deepEqual(await keysBelow(prefix), [])
})

test('an object of which nobody knows whether it was put keeps its bytes', async () => {
  const { metadata, blobs } = createMemoryEngine({ clock })
  let isLost = false
  const losing: MetadataStore = {
    ...metadata,
    async commit(changes) {
      const revision = await metadata.commit(changes)
      if (!isLost) return revision
      throw new EngineError('Unavailable', 'nobody answered')
    },
  }
  const { put, get } = await boundS3({ engine: { metadata: losing, blobs } })
  isLost = true
  await assert.rejects(put('object', LARGE), (error) => error instanceof EngineError)
  isLost = false
  assert.equal(await get('object'), LARGE)
})
