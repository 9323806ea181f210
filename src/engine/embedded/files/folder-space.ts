import type { Space } from '../../ports/engine.ts'
import { createDiskSpace, freeBytesOf } from './disk-space.ts'
import { KEPT_BYTES, withBound } from './folder-bound.ts'

/** What each part of the folder takes now; a part counts from when it is open. */
type Parts = { readonly [P in keyof Space['parts']]: () => number }

interface FolderSpaceOptions {
  readonly folder: string
  /** What is kept free of the disk. */
  readonly floorBytes: number
  readonly maxBytes: number | undefined
}

/** The folder's own bytes beside the disk's: what it takes, and what speaks against taking more. */
export function createFolderSpace({ folder, floorBytes, maxBytes }: FolderSpaceOptions) {
  let parts: Parts = { log: () => 0, metadata: () => 0, blobs: () => 0 }
  const usedBytes = () => parts.log() + parts.metadata() + parts.blobs()
  const bound = maxBytes === undefined ? undefined : { maxBytes, usedBytes }
  return {
    ...withBound(createDiskSpace(folder, floorBytes), bound),
    opened(more: Partial<Parts>): void {
      parts = { ...parts, ...more }
    },
    async measure(): Promise<Space> {
      const freeBytes = await freeBytesOf(folder)
      const roomOnDisk = Math.max(0, freeBytes - floorBytes)
      const used = usedBytes()
      return {
        usedBytes: used,
        parts: { log: parts.log(), metadata: parts.metadata(), blobs: parts.blobs() },
        freeBytes,
        ...(maxBytes !== undefined && { limitBytes: maxBytes }),
        roomBytes:
          maxBytes === undefined
            ? roomOnDisk
            : Math.min(roomOnDisk, Math.max(0, maxBytes - KEPT_BYTES - used)),
      }
    },
  }
}
