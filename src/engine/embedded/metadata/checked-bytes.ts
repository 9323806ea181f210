import { crc32 } from 'node:zlib'

/**
 * Bytes as LMDB keeps them: `1 · CRC u32 · payload`. The CRC is of the payload, of the version that LMDB keeps beside it
 * (0 where it keeps none) and of the key, so that none of them can change unnoticed. The first byte tells them from
 * what data folders of version 1 hold.
 */
const CHECKED = 1
const CRC_AT = 1
/** What precedes the payload. */
export const CHECKED_HEAD_BYTES = 5

/** Bytes for a payload of that many, in memory of their own. */
export function checkedBytesFor(payloadBytes: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(CHECKED_HEAD_BYTES + payloadBytes)
  bytes[0] = CHECKED
  return bytes
}

export const payloadOf = (bytes: Buffer): Buffer => bytes.subarray(CHECKED_HEAD_BYTES)

/** What `seal` needs to know of the payload; worked out where there is time for it. */
export const payloadCrcOf = (bytes: Buffer): number => crc32(payloadOf(bytes))

/** Makes them what is kept under the key. */
export function seal(bytes: Buffer, payloadCrc: number, key: Buffer, version = 0): Buffer {
  bytes.writeUInt32LE(crcOf(payloadCrc, key, version), CRC_AT)
  return bytes
}

/** Whether these are checked bytes at all. */
export const isChecked = (bytes: Buffer): boolean => bytes[0] === CHECKED

/** Whether they are what was written under this key. */
export const isSound = (bytes: Buffer, key: Buffer, version = 0): boolean =>
  bytes.length >= CHECKED_HEAD_BYTES &&
  isChecked(bytes) &&
  bytes.readUInt32LE(CRC_AT) === crcOf(payloadCrcOf(bytes), key, version)

const versionBytes = Buffer.alloc(8)

function crcOf(payloadCrc: number, key: Buffer, version: number): number {
  versionBytes.writeDoubleLE(version)
  return crc32(key, crc32(versionBytes, payloadCrc))
}
