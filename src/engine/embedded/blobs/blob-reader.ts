import type { FileHandle } from 'node:fs/promises'
import { type BlobContents, EngineError } from '../../ports/engine.ts'
import { CHECKED_BYTES, checkBytes, checkLength, type PieceMemory } from '../../shared/blob-pieces.ts'
import { isErrno, readFully } from '../files/durable-file.ts'

export interface OpenBlob {
  readonly id: string
  readonly handle: FileHandle
  readonly contents: BlobContents
}

interface Range {
  readonly start: number
  readonly end: number
}

/**
 * The bytes from `start` to before `end`, piece by piece, each verified before it is given out; the first one when
 * this resolves. Closes the handle at the end, when it fails, and when it is returned, even unread.
 */
export async function readBlob(
  blob: OpenBlob,
  range: Range,
  memory: PieceMemory,
): Promise<AsyncIterableIterator<Uint8Array>> {
  const { handle, contents } = blob
  const end = Math.min(range.end, contents.sizeBytes)
  let at = range.start
  const readNext = async () => {
    if (at >= end) return undefined
    const block = at - (at % CHECKED_BYTES)
    const bytes = await readBlock(blob, block, memory.take())
    const piece = bytes.subarray(at - block, end - block)
    at = block + bytes.length
    return piece
  }
  const finish = async () => {
    await handle.close()
    return { done: true, value: undefined } as const
  }
  const closing = async (error: unknown): Promise<never> => {
    await handle.close()
    throw error
  }
  const [first] = await Promise.all([readNext(), checkSize(blob)]).catch(closing)
  let next = first
  const pieces: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const piece = next ?? (await readNext().catch(closing))
      next = undefined
      return piece ? { done: false, value: piece } : finish()
    },
    return: finish,
    [Symbol.asyncIterator]() {
      return this
    },
  }
  return pieces
}

/** Closes the handle. Throws Damaged. */
export async function verifyBlob(blob: OpenBlob): Promise<void> {
  const { handle, contents } = blob
  try {
    await checkSize(blob)
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHECKED_BYTES, contents.sizeBytes))
    for (let at = 0; at < contents.sizeBytes; at += CHECKED_BYTES) await readBlock(blob, at, buffer)
  } finally {
    await handle.close()
  }
}

const checkSize = async ({ id, handle, contents }: OpenBlob): Promise<void> =>
  checkLength(id, contents, (await handle.stat()).size)

/** All bytes that have one checksum, which begin at `at`. Throws Damaged, for a disk that cannot read them too. */
async function readBlock(
  { id, handle, contents }: OpenBlob,
  at: number,
  into?: Buffer<ArrayBuffer>,
): Promise<Buffer> {
  const length = Math.min(CHECKED_BYTES, contents.sizeBytes - at)
  const bytes = await readFully(handle, at, length, into).catch((error) => {
    if (!isErrno(error, 'EIO')) throw error
    throw new EngineError('Damaged', `the blob ${id} cannot be read at byte ${at}: ${error.message}`, at)
  })
  if (bytes.length < length) checkLength(id, contents, at + bytes.length)
  checkBytes(id, contents, at, bytes)
  return bytes
}
