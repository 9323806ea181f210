import { statfs } from 'node:fs/promises'
import { EngineError } from '../../ports/engine.ts'

/** Kept free, so that the files that are being written can be finished. */
export const FLOOR_BYTES = 128 * 2 ** 20
/** How much is written before the disk is asked again. */
const LOOK_EVERY_BYTES = 8 * 2 ** 20

/** Refuses in time: a disk that is really full fails in the middle of a write, and stops the log. */
export function createDiskSpace(folder: string, floorBytes: number) {
  let credit = 0
  let looking: Promise<EngineError | undefined> | undefined
  const shortage = async (bytes: number): Promise<EngineError | undefined> => {
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize - bytes
    credit = free > floorBytes + LOOK_EVERY_BYTES ? LOOK_EVERY_BYTES : 0
    if (free >= floorBytes) return undefined
    const [freeMiB, floorMiB] = [bavail * bsize, floorBytes].map((size) => Math.floor(size / 2 ** 20))
    return new EngineError(
      'StorageFull',
      `the disk of ${folder} has ${freeMiB} MiB free; ${floorMiB} MiB are kept`,
    )
  }
  return {
    shortage,
    /** What speaks against writing so many bytes. One look at the disk serves all who wait for it. */
    async admit(bytes: number): Promise<EngineError | undefined> {
      while (credit < bytes) {
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
