import { constants, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c } from '@node-rs/crc32'
import type { BlobContents } from '../../ports/engine.ts'
import { CHECKED_BYTES } from '../../shared/blob-pieces.ts'
import { writeFully } from '../files/durable-file.ts'
import { FILE_MODE } from '../files/private-files.ts'

/**
 * Larger writes cost the processor less: each of them is handed to a thread and waited for. A stage is what one
 * checksum is of.
 */
const STAGE_BYTES = CHECKED_BYTES
/** Stages that are kept for the next files. */
const SPARES = 16

export interface StagedFile {
  /** One at a time; the bytes may be reused when it resolves. */
  append(bytes: Uint8Array): Promise<void>
  /** Closes the file when all of it is on disk. */
  finish(): Promise<Required<BlobContents>>
  /** Closes the file as it is; idempotent. */
  close(): Promise<void>
}

/**
 * Creates files that are written once, in `folder`: what they are given is gathered in a stage for large writes, each
 * of which `admit` may speak against.
 */
export async function createStagedFiles(
  folder: string,
  admit: (bytes: number) => Promise<Error | undefined>,
): Promise<(path: string) => Promise<StagedFile>> {
  const flags = await creationFlags(folder)
  const spares: Buffer[] = []

  return async (path) => {
    const handle = await open(path, flags, FILE_MODE)
    const stage = spares.pop() ?? pageAligned(STAGE_BYTES)
    let staged = 0
    let written = 0
    const checksums: number[] = []
    let isOpen = true
    const write = async (length: number) => {
      const refusal = await admit(length)
      if (refusal) throw refusal
      const writing = writeFully(handle, stage.subarray(0, length), written)
      checksums.push(crc32c(stage.subarray(0, staged)))
      await writing
      written += staged
      staged = 0
    }
    const close = async () => {
      if (!isOpen) return
      isOpen = false
      if (spares.length < SPARES) spares.push(stage)
      await handle.close()
    }
    return {
      async append(bytes) {
        for (let from = 0; from < bytes.length; ) {
          const taken = bytes.subarray(from, from + STAGE_BYTES - staged)
          stage.set(taken, staged)
          staged += taken.length
          from += taken.length
          if (staged === STAGE_BYTES) await write(STAGE_BYTES)
        }
      },
      async finish() {
        const wholeBlocks = Math.ceil(staged / BLOCK_BYTES) * BLOCK_BYTES
        const padding = wholeBlocks - staged
        stage.fill(0, staged, wholeBlocks)
        if (staged > 0) await write(wholeBlocks)
        if (padding > 0) await handle.truncate(written)
        await handle.datasync()
        await close()
        return { sizeBytes: written, checksums }
      },
      close,
    }
  }
}

/** Direct writes begin at multiples of this, in the file and in memory, and are as long as a multiple of it. */
const BLOCK_BYTES = 4096

/** A buffer that begins at a page, as those do that could grow: Node has no other way to ask for one. */
const pageAligned = (sizeBytes: number): Buffer =>
  Buffer.from(new ArrayBuffer(sizeBytes, { maxByteLength: sizeBytes }))

const { O_WRONLY, O_CREAT, O_EXCL, O_DIRECT } = constants
const BUFFERED = O_WRONLY | O_CREAT | O_EXCL

/**
 * How to create files in `folder`: written past the page cache where the file system can (open(2), O_DIRECT). That
 * spares the processor a copy, and the memory what may never be read.
 */
async function creationFlags(folder: string): Promise<number> {
  if (O_DIRECT === undefined) return BUFFERED
  const path = join(folder, 'probe')
  try {
    const handle = await open(path, BUFFERED | O_DIRECT, FILE_MODE)
    await handle.write(pageAligned(BLOCK_BYTES)).finally(() => handle.close())
    return BUFFERED | O_DIRECT
  } catch {
    return BUFFERED
  } finally {
    await rm(path, { force: true })
  }
}
