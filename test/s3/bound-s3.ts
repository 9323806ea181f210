import assert from 'node:assert/strict'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { BlobStore, Engine } from '../../src/engine/ports/engine.ts'
import type { Meters } from '../../src/metrics/meters.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import type { Problems } from '../../src/metrics/problems.ts'
import type { Targets } from '../../src/s3/notifications/targets.ts'
import { createS3 } from '../../src/s3/s3.ts'
import { s3Service } from '../../src/s3/service.ts'
import type { Authority } from '../../src/service/authorize.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { bind, callOf } from '../../src/service/invoke.ts'
import type { Caller } from '../../src/service/operation.ts'
import { callerOf } from '../caller.ts'

export const NOW = Date.UTC(2026, 4, 1, 12)

export const CALLER = callerOf({ url: 'http://localhost/lake/key' })

// biome-ignore lint/suspicious/noExplicitAny: the tests read answers as a client does that knows no types
export type Answer = any

/** S3 on an engine in memory, its clock standing still, with one empty bucket. */
export async function boundS3({
  meters = noMeters,
  engine,
  problems,
  authority,
  targets,
}: {
  meters?: Meters
  engine?: Pick<Engine, 'metadata' | 'blobs'>
  problems?: Problems
  authority?: Authority
  targets?: Targets
} = {}) {
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
  const { metadata, blobs } = engine ?? createMemoryEngine({ clock })
  const counted = countingBlobs(blobs)
  const s3 = createS3({
    ...{ metadata, blobs: counted.blobs, clock, random: systemRandom, meters },
    ...(problems && { problems }),
    ...(targets && { targets }),
  })
  const bound = bind(s3Service, s3, () => {}, authority)
  const call = async (name: string, input: object, caller: Caller = CALLER): Promise<Answer> => {
    const operation = s3Service.operations.get(name)
    assert.ok(operation, `there is no operation ${name}`)
    return (await bound.invoke(callOf(operation as never, input, caller))).output as Answer
  }
  /** The exception that a call answers with. */
  const refused = async (name: string, input: object, caller: Caller = CALLER): Promise<ServiceException> => {
    try {
      await call(name, input, caller)
    } catch (failure) {
      assert.ok(failure instanceof ServiceException, String((failure as Error).stack))
      return failure
    }
    return assert.fail(`${name} was not refused`)
  }
  const put = (Key: string, data: string | Uint8Array, more: object = {}) =>
    call('PutObject', { Bucket: 'lake', Key, Body: bodyOf(data), ...more })
  const get = async (Key: string, more: object = {}): Promise<string> =>
    textOf((await call('GetObject', { Bucket: 'lake', Key, ...more })).Body)
  await call('CreateBucket', { Bucket: 'lake' })
  return { s3, clock, metadata, liveBlobs: counted.live, call, refused, put, get }
}

/** Knows which blobs were made and not deleted. */
function countingBlobs(blobs: BlobStore): { blobs: BlobStore; live: Set<string> } {
  const live = new Set<string>()
  const made = (id: string) => {
    live.add(id)
    return id
  }
  return {
    live,
    blobs: {
      ...blobs,
      async create() {
        const writer = await blobs.create()
        return {
          ...writer,
          async finish() {
            const blob = await writer.finish()
            made(blob.id)
            return blob
          },
        }
      },
      copy: async (id) => made(await blobs.copy(id)),
      async delete(id) {
        live.delete(id)
        await blobs.delete(id)
      },
    },
  }
}

/** A body that comes in pieces. */
export function bodyOf(data: string | Uint8Array, trailers: Record<string, string> = {}) {
  const bytes = Buffer.from(data)
  return {
    trailers: new Map(Object.entries(trailers)),
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
    },
  }
}

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

export const MiB = 2 ** 20
