import type { Random } from '../../clock/random.ts'
import { type BlobContents, type BlobStore, EngineError } from '../ports/engine.ts'
import {
  CHECKED_BYTES,
  checkBytes,
  checkLength,
  checksumsOf,
  createPieceMemory,
} from '../shared/blob-pieces.ts'
import type { Gate } from '../shared/gate.ts'
import type { MemoryBudget } from './memory-budget.ts'

/** The blobs of a store under their ids, whoever opened it. */
export type MemoryBlobs = Map<string, Uint8Array>

interface MemoryBlobsOptions {
  readonly blobs: MemoryBlobs
  readonly random: Random
  readonly gate: Gate
  readonly budget: MemoryBudget
}

export function createMemoryBlobs({ blobs, random, gate, budget }: MemoryBlobsOptions): BlobStore {
  const keep = (bytes: Uint8Array) => {
    const id = random.uuid()
    blobs.set(id, bytes)
    return id
  }
  const find = (id: string) => {
    const bytes = blobs.get(id)
    if (!bytes) throw new EngineError('NoSuchBlob', `there is no blob ${id}`)
    return bytes
  }
  return {
    admit: (bytes) =>
      gate.run(() => {
        budget.take(bytes)
        budget.give(bytes)
      }),
    create: () =>
      gate.run(() => {
        let chunks: Uint8Array[] = []
        return {
          write: (chunk) =>
            gate.run(() => {
              budget.take(chunk.length)
              chunks.push(Uint8Array.from(chunk))
            }),
          finish: () =>
            gate.run(() => {
              const bytes = Buffer.concat(chunks)
              return { id: keep(bytes), sizeBytes: bytes.length, checksums: checksumsOf(bytes) }
            }),
          abort: async () => {
            for (const { length } of chunks) budget.give(length)
            chunks = []
          },
        }
      }),
    read: (id, range, contents) =>
      gate.run(() => {
        const bytes = find(id)
        verify({ id, bytes, contents }, range)
        return once(new Uint8Array(bytes.subarray(range.start, range.end)))
      }),
    release: createPieceMemory(0).release,
    verify: (id, contents) =>
      gate.run(() => verify({ id, bytes: find(id), contents }, { start: 0, end: contents.sizeBytes })),
    copy: (id) =>
      gate.run(() => {
        const bytes = find(id)
        budget.take(bytes.length)
        return keep(bytes)
      }),
    delete: (id) =>
      gate.run(() => {
        budget.give(blobs.get(id)?.length ?? 0)
        blobs.delete(id)
      }),
    /** Nothing was there before this engine opened. */
    async *list() {
      gate.check()
      yield* []
    },
  }
}

interface KeptBlob {
  readonly id: string
  readonly bytes: Uint8Array
  readonly contents: BlobContents
}

/** Memory is trusted, but not that these are the contents of that blob. Throws Damaged. */
function verify({ id, bytes, contents }: KeptBlob, { start, end }: { start: number; end: number }): void {
  checkLength(id, contents, bytes.length)
  for (let at = start - (start % CHECKED_BYTES); at < Math.min(end, bytes.length); at += CHECKED_BYTES)
    checkBytes(id, contents, at, bytes.subarray(at, at + CHECKED_BYTES))
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}
