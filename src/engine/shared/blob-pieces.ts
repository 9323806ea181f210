import { CHECKED_BYTES } from './blob-checksums.ts'

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
