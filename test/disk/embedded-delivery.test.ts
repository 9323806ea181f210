import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { EngineError } from '../../src/engine/ports/engine.ts'
import { localObjects } from '../../src/server/destinations.ts'
import { boundS3, NOW } from '../s3/bound-s3.ts'

test('a delivery into a bucket on a disk without room fails for that reason, by its name', async () => {
  const memory = createMemoryEngine({ clock: { now: () => NOW } })
  const full = new EngineError('StorageFull', 'there is no room')
  const blobs = { ...memory.blobs, create: () => Promise.reject(full) }
  const { s3 } = await boundS3({ engine: { metadata: memory.metadata, blobs } })
  const object = {
    ...{ bucket: 'lake', key: 'object', contentType: 'text/plain' },
    ...{ account: '123456789012', region: 'us-east-1', jobArn: 'arn' },
    async *body() {
      yield Buffer.alloc(2 ** 21)
    },
  }
  await assert.rejects(localObjects(s3).put(object, new AbortController().signal), {
    ...{ name: 'DestinationError', code: 'StorageFull', message: 'there is no room' },
  })
})
