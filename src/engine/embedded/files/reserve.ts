import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemRandom } from '../../../clock/random.ts'
import { isErrno, writeFully } from './durable-file.ts'
import { FILE_MODE } from './private-files.ts'

export const RESERVE_FILE = 'standpipe.reserve'
const RESERVE_BYTES = 4 * 2 ** 20
const BLOCK_BYTES = 512

/** Room that is taken in good time, and given up when there is no other: for what moves on, and what is deleted. */
export interface Reserve {
  /** Whether it is there, made if need be. */
  make(): Promise<boolean>
  /** Gives it up. */
  spend(): Promise<void>
}

/** A file that nobody reads. It is not synced: what a power cut leaves of it is made anew. */
export function createReserve(folder: string): Reserve {
  const path = join(folder, RESERVE_FILE)
  const isWhole = async () => {
    const { size, blocks } = await stat(path)
    return size === RESERVE_BYTES && blocks * BLOCK_BYTES >= RESERVE_BYTES
  }
  const spend = () => rm(path, { force: true })
  return {
    async make() {
      if (await isWhole().catch(() => false)) return true
      try {
        const handle = await open(path, 'w', FILE_MODE)
        // Zeros take no room where the file system compresses.
        await writeFully(handle, systemRandom.bytes(RESERVE_BYTES), 0).finally(() => handle.close())
        return true
      } catch (error) {
        await spend()
        if (isErrno(error, 'ENOSPC', 'EDQUOT')) return false
        throw error
      }
    },
    spend,
  }
}
