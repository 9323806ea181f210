import { createHash } from 'node:crypto'
import { crc32, crc32c } from '@node-rs/crc32'
import { createCRC64, createXXHash3, createXXHash64, createXXHash128, type IHasher } from 'hash-wasm'
import { CRC64NVME } from './crc-combine.ts'

/** A hash that is being computed, piece by piece. */
export interface Digest {
  update(chunk: Uint8Array): void
  /** Big-endian; once. */
  digest(): Uint8Array
}

export function nodeDigest(name: 'md5' | 'sha1' | 'sha256' | 'sha512'): Digest {
  const hash = createHash(name)
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() }
}

const crcDigest = (compute: typeof crc32) => (): Digest => {
  let value = 0
  return {
    update(chunk) {
      value = compute(chunk, value)
    },
    digest() {
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, value)
      return bytes
    },
  }
}

export const crc32Digest = crcDigest(crc32)
export const crc32cDigest = crcDigest(crc32c)

/** A WebAssembly instance takes 0.1 ms and 64 KiB: each is made once, and every digest brings its own state. */
const shared = (create: () => Promise<IHasher>): (() => Promise<Digest>) => {
  let instance: Promise<IHasher> | undefined
  return async () => {
    instance ??= create()
    const hasher = await instance
    let state = hasher.init().save()
    return {
      update(chunk) {
        state = hasher.load(state).update(chunk).save()
      },
      digest: () => hasher.load(state).digest('binary'),
    }
  }
}

export const crc64NvmeDigest = shared(() => createCRC64(CRC64NVME.polynomial.toString(16)))
export const xxhash64Digest = shared(() => createXXHash64())
export const xxhash3Digest = shared(() => createXXHash3())
export const xxhash128Digest = shared(() => createXXHash128())
