const PIECE_BYTES = 256 * 1024
/** A short text is cheaper to join than to copy. */
const SHORT_BYTES = 128

/** Text on its way to bytes: joined while it is short, written piece by piece into buffers when it is long. */
export interface Pieces {
  write(text: string): void
  /** In base64. */
  writeBytes(bytes: Uint8Array): void
  /** One string if it stayed short. */
  finish(): string | Uint8Array[]
}

export function createPieces(): Pieces {
  const full: Uint8Array[] = []
  let piece: Buffer | undefined
  let at = 0
  let pending = ''

  const append = (text: string, encoding: 'utf8' | 'latin1') => {
    // UTF-8 takes three bytes at most for what is one character of JavaScript's.
    const mostBytes = encoding === 'utf8' ? text.length * 3 : text.length
    if (!piece || piece.length - at < mostBytes) {
      if (piece) full.push(piece.subarray(0, at))
      piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, mostBytes))
      at = 0
    }
    at += piece.write(text, at, encoding)
  }
  const flush = () => {
    append(pending, 'utf8')
    pending = ''
  }

  return {
    write(text) {
      pending += text
      if (pending.length >= PIECE_BYTES / 4) flush()
    },
    writeBytes(bytes) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
      if (bytes.length <= SHORT_BYTES) return this.write(text)
      flush()
      append(text, 'latin1')
    },
    finish() {
      if (!piece) return pending
      flush()
      return [...full, piece.subarray(0, at)]
    },
  }
}
