import { createHash } from 'node:crypto'
import { crc32, crc32c } from '@node-rs/crc32'
import { createCRC64, createXXHash3, createXXHash64, createXXHash128, type IHasher } from 'hash-wasm'

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

/**
 * The CRC of two pieces of data from the CRCs of each, without the data. A CRC is a polynomial over GF(2)
 * modulo the generator; what stands before `n` bytes counts as multiplied by x to the power of 8n.
 */
export interface CrcKind {
  readonly bits: number
  /** The generator with its bits reversed, without its highest term. */
  readonly polynomial: bigint
}

export const CRC32: CrcKind = { bits: 32, polynomial: 0xedb88320n }
export const CRC32C: CrcKind = { bits: 32, polynomial: 0x82f63b78n }
export const CRC64NVME: CrcKind = { bits: 64, polynomial: 0x9a6c9329ac4bc9b5n }

interface CrcPiece {
  readonly crc: bigint
  readonly sizeBytes: number
}

export function combineCrcs(kind: CrcKind, pieces: readonly CrcPiece[]): bigint {
  let combined = 0n
  let shift = { sizeBytes: 0, factor: one(kind) }
  for (const { crc, sizeBytes } of pieces) {
    if (sizeBytes !== shift.sizeBytes) shift = { sizeBytes, factor: powerOfX(kind, 8 * sizeBytes) }
    combined = multiply(kind, shift.factor, combined) ^ crc
  }
  return combined
}

/** In the reversed notation the highest bit is the term of degree 0. */
const one = ({ bits }: CrcKind): bigint => 1n << BigInt(bits - 1)

function powerOfX(kind: CrcKind, exponent: number): bigint {
  let power = one(kind)
  let square = power >> 1n
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiply(kind, power, square)
    square = multiply(kind, square, square)
  }
  return power
}

function multiply(kind: CrcKind, a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let term = one(kind); term > 0n; term >>= 1n) {
    if (a & term) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ kind.polynomial : shifted >> 1n
  }
  return product
}
