import { crc32c } from '@node-rs/crc32'
import { type BlobContents, EngineError } from '../ports/engine.ts'

/** So many bytes of a blob have a checksum of their own, and are read whole to verify them. */
export const CHECKED_BYTES = 1024 * 1024

export function checksumsOf(bytes: Uint8Array): number[] {
  const checksums: number[] = []
  for (let at = 0; at < bytes.length; at += CHECKED_BYTES)
    checksums.push(crc32c(bytes.subarray(at, at + CHECKED_BYTES)))
  return checksums
}

/** Throws Damaged when a blob is not as long as it was. */
export function checkLength(id: string, { sizeBytes, checksums }: BlobContents, found: number): void {
  if (found !== sizeBytes)
    throw new EngineError(
      'Damaged',
      `the blob ${id} is damaged: it has ${found} bytes of ${sizeBytes}`,
      Math.min(found, sizeBytes),
    )
  if (checksums && checksums.length !== Math.ceil(sizeBytes / CHECKED_BYTES))
    throw new EngineError('Damaged', `the blob ${id} has ${checksums.length} checksums`, 0)
}

/** Throws Damaged when these, which begin at `at`, a multiple of CHECKED_BYTES, are not the bytes that were written. */
export function checkBytes(id: string, { checksums }: BlobContents, at: number, bytes: Uint8Array): void {
  if (checksums && crc32c(bytes) !== checksums[at / CHECKED_BYTES])
    throw new EngineError('Damaged', `the blob ${id} is damaged at byte ${at}`, at)
}

/** The memory that pieces of blobs are read into: to ask the system for it anew costs more than to read and verify it. */
export interface PieceMemory {
  /** Undefined when there is none to spare: whoever asks takes as much as it needs. */
  take(): Buffer<ArrayBuffer> | undefined
  /** See BlobStore. */
  release(piece: Uint8Array): void
}

/** Keeps at most so many pieces, of the size that most have, for the next readers. */
export function createPieceMemory(mostSpares: number): PieceMemory {
  const spares: Buffer<ArrayBuffer>[] = []
  return {
    take: () => spares.pop(),
    release({ buffer, length }) {
      if (length === 0 || !(buffer instanceof ArrayBuffer)) return
      // Transferred, whoever still holds the piece, or gives it back twice, holds nothing.
      if (buffer.byteLength === CHECKED_BYTES && spares.length < mostSpares)
        spares.push(Buffer.from(buffer.transfer()))
      else if (buffer.byteLength === length) buffer.transfer(0)
    },
  }
}
