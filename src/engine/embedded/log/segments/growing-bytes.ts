/** Bytes that grow at their end, in one piece. */
export function createGrowingBytes(): GrowingBytes {
  let bytes = Buffer.allocUnsafe(1024)
  let length = 0
  return {
    grow(count) {
      if (length + count > bytes.length) {
        const larger = Buffer.allocUnsafe(2 * bytes.length + count)
        bytes.copy(larger, 0, 0, length)
        bytes = larger
      }
      length += count
      return bytes.subarray(length - count, length)
    },
    bytes: () => bytes.subarray(0, length),
  }
}

export interface GrowingBytes {
  /** The next `count` bytes, to be written at once. */
  grow(count: number): Buffer
  bytes(): Buffer
}
