/**
 * Imported by a test: what is given back in its process (`transfer`) is filled first, so that whoever still reads it, be
 * it the kernel on its way to a socket or a file, takes this for what was there.
 */
export const POISON = 0xdb

const { transfer } = ArrayBuffer.prototype
let poisonedBytes = 0

ArrayBuffer.prototype.transfer = function (...length) {
  poisonedBytes += this.byteLength
  new Uint8Array(this).fill(POISON)
  return transfer.apply(this, length)
}

/** So far. */
export const poisoned = (): number => poisonedBytes
