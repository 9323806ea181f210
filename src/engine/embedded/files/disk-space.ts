import { statfs } from 'node:fs/promises'
import { steadyNow } from '../../../clock/machine-time.ts'
import { EngineError } from '../../ports/engine.ts'
import { isErrno } from './durable-file.ts'

/**
 * Kept free, so that the files that are being written can be finished: two full write-ahead logs on their way to
 * segments, one that fills, and the metadata.
 */
export const FLOOR_BYTES = 128 * 2 ** 20
/** How much is written, and how long ago the disk may have been looked at, before it is looked at again. */
export const LOOK_EVERY_BYTES = 8 * 2 ** 20
const LOOK_EVERY_MS = 250

/** Infinite where the folder was taken away under its process: what is written still goes somewhere, or says so itself. */
export async function freeBytesOf(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return Number.POSITIVE_INFINITY
    throw error
  }
}

/** Refuses in time, before the disk is really full. */
export function createDiskSpace(folder: string, floorBytes: number) {
  let credit = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<EngineError | undefined> | undefined
  /** What speaks against writing so many bytes, and writing on after that. */
  const shortage = async (bytes: number): Promise<EngineError | undefined> => {
    const freeBytes = await freeBytesOf(folder)
    const free = freeBytes - bytes
    credit = free > floorBytes + LOOK_EVERY_BYTES ? LOOK_EVERY_BYTES : 0
    lookedAt = steadyNow()
    if (free >= floorBytes) return undefined
    const [freeMiB, floorMiB] = [freeBytes, floorBytes].map((size) => Math.floor(size / 2 ** 20))
    return new EngineError(
      'StorageFull',
      `the disk of ${folder} has ${freeMiB} MiB free, and ${floorMiB} MiB are kept`,
    )
  }
  return {
    shortage,
    /** What speaks against writing so many bytes. One look at the disk serves all who wait for it. */
    async admit(bytes: number): Promise<EngineError | undefined> {
      while (credit < bytes || steadyNow() - lookedAt > LOOK_EVERY_MS) {
        if (!looking) {
          looking = shortage(bytes).finally(() => (looking = undefined))
          return await looking
        }
        // Who looked hears of it; whoever waited looks again.
        await looking.catch(() => {})
      }
      credit -= bytes
      return undefined
    },
  }
}

export type DiskSpace = ReturnType<typeof createDiskSpace>
