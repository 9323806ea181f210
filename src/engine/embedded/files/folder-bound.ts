import { sizeText } from '../../../metrics/size.ts'
import { EngineError } from '../../ports/engine.ts'

/** Kept below the bound: a write-ahead log is there twice while it becomes a segment. */
export const KEPT_BYTES = 64 * 2 ** 20
/** An empty folder has its first write-ahead log, and needs room for the next. */
export const LEAST_MAX_BYTES = 256 * 2 ** 20
/** How much is written before the folder is measured again. */
const LOOK_EVERY_BYTES = 8 * 2 ** 20

/** What a folder may take at most: one more reason to refuse what its disk would still take. */
export interface FolderBound {
  readonly maxBytes: number
  /** What it takes now. */
  readonly usedBytes: () => number
}

/** Refuses where the folder may not grow so far, and whatever `disk` refuses. */
export function withBound(disk: DiskSpace, bound: FolderBound | undefined): DiskSpace {
  if (!bound) return disk
  let credit = 0
  const excess = (bytes: number): EngineError | undefined => {
    const room = bound.maxBytes - KEPT_BYTES - bound.usedBytes() - bytes
    credit = room > LOOK_EVERY_BYTES ? LOOK_EVERY_BYTES : 0
    return room >= 0 ? undefined : exceeded(bound)
  }
  return {
    shortage: async (bytes) => excess(bytes) ?? (await disk.shortage(bytes)),
    async admit(bytes) {
      const refusal = credit < bytes ? excess(bytes) : undefined
      if (refusal) return refusal
      credit -= bytes
      return await disk.admit(bytes)
    },
  }
}

/** Each resolves with what speaks against writing so many bytes. */
interface DiskSpace {
  shortage(bytes: number): Promise<EngineError | undefined>
  admit(bytes: number): Promise<EngineError | undefined>
}

const exceeded = ({ maxBytes, usedBytes }: FolderBound) =>
  new EngineError(
    'StorageFull',
    `the data folder has reached --max-disk ${sizeText(maxBytes)} (${sizeText(usedBytes())} are used, and ${sizeText(KEPT_BYTES)} kept; delete something, or start with more)`,
  )
