import type { Random } from '../../clock/random.ts'
import { type BlobStore, EngineError } from '../engine.ts'
import type { Gate } from '../gate.ts'
import type { MemoryBudget } from './memory-budget.ts'

interface MemoryBlobsOptions {
  readonly random: Random
  readonly gate: Gate
  readonly budget: MemoryBudget
}

export function createMemoryBlobs({ random, gate, budget }: MemoryBlobsOptions): BlobStore {
  const blobs = new Map<string, Uint8Array>()
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
    create: () =>
      gate.run(() => {
        let chunks: Uint8Array[] = []
        return {
          write: (chunk) =>
            gate.run(() => {
              budget.take(chunk.length)
              chunks.push(Uint8Array.from(chunk))
            }),
          finish: () => gate.run(() => keep(Buffer.concat(chunks))),
          abort: async () => {
            for (const { length } of chunks) budget.give(length)
            chunks = []
          },
        }
      }),
    read: (id, { start, end }) => gate.run(() => once(new Uint8Array(find(id).subarray(start, end)))),
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

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}
