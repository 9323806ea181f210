import { bytes } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { inlineKey, inlinePrefix } from '../documents.ts'

/** The bytes of a small content. */
export const inlineDocument = document<Uint8Array>({ keys: inlinePrefix, version: 1, check: bytes })

const KEPT_BYTES = 16 * 2 ** 20

export interface SmallContents {
  /** Shared by all readers: to be looked at alone. Undefined when there is no such content any more. */
  read(id: string): Promise<Uint8Array | undefined>
}

/**
 * Contents in the metadata store, of which those read last are kept in memory. What an id names never changes, so what
 * is kept is always right.
 */
export function createSmallContents(
  metadata: Pick<MetadataStore, 'get' | 'condemn'>,
  keptBytes = KEPT_BYTES,
): SmallContents {
  /** Those that were read longest ago come first. */
  const kept = new Map<string, Uint8Array>()
  let sizeBytes = 0

  const keep = (id: string, bytes: Uint8Array) => {
    kept.set(id, bytes)
    sizeBytes += bytes.length
    for (const [oldest, { length }] of kept) {
      if (sizeBytes <= keptBytes) break
      kept.delete(oldest)
      sizeBytes -= length
    }
  }
  return {
    async read(id) {
      const known = kept.get(id)
      if (known) {
        kept.delete(id)
        kept.set(id, known)
        return known
      }
      const bytes = (await inlineDocument.get(metadata, inlineKey(id)))?.value
      // Another reader may have kept it meanwhile.
      if (bytes && !kept.has(id)) keep(id, bytes)
      return bytes
    },
  }
}
