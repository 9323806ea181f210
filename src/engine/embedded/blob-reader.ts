import type { FileHandle } from 'node:fs/promises'
import { readFully } from './durable-file.ts'

const PIECE_BYTES = 512 * 1024

/** The bytes from `start` to before `end`, piece by piece. Closes the handle at the end, and when it is returned, even unread. */
export function readBlob(
  handle: FileHandle,
  { start, end }: { start: number; end: number },
): AsyncIterableIterator<Uint8Array> {
  let at = start
  const finish = async () => {
    await handle.close()
    return { done: true, value: undefined } as const
  }
  return {
    async next() {
      if (at >= end) return finish()
      const piece = await readFully(handle, at, Math.min(PIECE_BYTES, end - at))
      at = piece.length > 0 ? at + piece.length : end
      return piece.length > 0 ? { done: false, value: piece } : finish()
    },
    return: finish,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
