const PIECE_CHARACTERS = 64 * 1024

/** Text on its way to bytes: joined while it is short, turned into bytes piece by piece when it is long. */
export interface Pieces {
  write(text: string): void
  /** One string if it stayed short. */
  finish(): string | Uint8Array[]
}

export function createPieces(): Pieces {
  const pieces: Uint8Array[] = []
  let pending = ''
  return {
    write(text) {
      pending += text
      if (pending.length < PIECE_CHARACTERS) return
      pieces.push(Buffer.from(pending))
      pending = ''
    },
    finish() {
      if (pieces.length === 0) return pending
      pieces.push(Buffer.from(pending))
      return pieces
    },
  }
}
