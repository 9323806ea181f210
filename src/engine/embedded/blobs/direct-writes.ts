import { constants, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Direct writes begin at multiples of this, in the file and in memory, and are as long as a multiple of it. */
export const BLOCK_BYTES = 4096

/** A buffer that begins at a page, as those do that could grow: Node has no other way to ask for one. */
export const pageAligned = (sizeBytes: number): Buffer =>
  Buffer.from(new ArrayBuffer(sizeBytes, { maxByteLength: sizeBytes }))

const { O_WRONLY, O_CREAT, O_EXCL, O_DIRECT } = constants
const BUFFERED = O_WRONLY | O_CREAT | O_EXCL

/**
 * How to create files in `folder`: written past the page cache where the file system can (open(2), O_DIRECT). That
 * spares the processor a copy, and the memory what may never be read.
 */
export async function creationFlags(folder: string): Promise<number> {
  if (O_DIRECT === undefined) return BUFFERED
  const path = join(folder, 'probe')
  try {
    const handle = await open(path, BUFFERED | O_DIRECT)
    await handle.write(pageAligned(BLOCK_BYTES)).finally(() => handle.close())
    return BUFFERED | O_DIRECT
  } catch {
    return BUFFERED
  } finally {
    await rm(path, { force: true })
  }
}
