/**
 * Gives back the memory of a buffer that nobody will look at again, unless it is a view into more. The garbage
 * collector takes memory outside its heap late, and goes through all of its heap for it.
 */
export function free(bytes: Uint8Array): void {
  const { buffer } = bytes
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) buffer.transfer(0)
}

/** The same, whatever part of its buffer this is: all of the buffer is its owner's. */
export function freeBuffer({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
