import { inHeader, string } from '../../service/shape.ts'
import {
  CRC32,
  CRC32C,
  CRC64NVME,
  type CrcKind,
  combineCrcs,
  crc32cDigest,
  crc32Digest,
  crc64NvmeDigest,
  type Digest,
  nodeDigest,
  xxhash3Digest,
  xxhash64Digest,
  xxhash128Digest,
} from './digest.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const CHECKSUM_ALGORITHMS = [
  'CRC32',
  'CRC32C',
  'SHA1',
  'SHA256',
  'CRC64NVME',
  'SHA512',
  'MD5',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
] as const
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]
export const CHECKSUM_TYPES = ['COMPOSITE', 'FULL_OBJECT'] as const
export type ChecksumType = (typeof CHECKSUM_TYPES)[number]

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm
  readonly type: ChecksumType
  /** Base64; of several parts' checksums with `-` and their count. */
  readonly value: string
}

interface Row {
  readonly create: () => Digest | Promise<Digest>
  readonly digestBytes: number
  /** Only these can be told for the whole from its parts. */
  readonly crc?: CrcKind
}

const rows: Readonly<Record<ChecksumAlgorithm, Row>> = {
  CRC32: { create: crc32Digest, digestBytes: 4, crc: CRC32 },
  CRC32C: { create: crc32cDigest, digestBytes: 4, crc: CRC32C },
  CRC64NVME: { create: crc64NvmeDigest, digestBytes: 8, crc: CRC64NVME },
  SHA1: { create: () => nodeDigest('sha1'), digestBytes: 20 },
  SHA256: { create: () => nodeDigest('sha256'), digestBytes: 32 },
  SHA512: { create: () => nodeDigest('sha512'), digestBytes: 64 },
  MD5: { create: () => nodeDigest('md5'), digestBytes: 16 },
  XXHASH64: { create: xxhash64Digest, digestBytes: 8 },
  XXHASH3: { create: xxhash3Digest, digestBytes: 8 },
  XXHASH128: { create: xxhash128Digest, digestBytes: 16 },
}

/** What S3 computes when the client asks for nothing. */
export const DEFAULT_ALGORITHM = 'CRC64NVME' satisfies ChecksumAlgorithm

export const digestOf = async (algorithm: ChecksumAlgorithm): Promise<Digest> => rows[algorithm].create()

export const isFullObjectAlgorithm = (algorithm: ChecksumAlgorithm): boolean =>
  rows[algorithm].crc !== undefined

/** Base64 of as many bytes as the algorithm gives. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = Buffer.from(value, 'base64')
  return bytes.length === rows[algorithm].digestBytes && bytes.toString('base64') === value
}

/** Of an object whose parts have these checksums, without reading them again. */
export async function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { readonly checksum: string; readonly sizeBytes: number }[],
): Promise<string> {
  const { crc, digestBytes } = rows[algorithm]
  if (type === 'FULL_OBJECT' && crc) {
    const pieces = parts.map(({ checksum, sizeBytes }) => ({
      crc: BigInt(`0x${Buffer.from(checksum, 'base64').toString('hex')}`),
      sizeBytes,
    }))
    const hex = combineCrcs(crc, pieces).toString(16)
    return Buffer.from(hex.padStart(2 * digestBytes, '0'), 'hex').toString('base64')
  }
  const digest = await digestOf(algorithm)
  for (const { checksum } of parts) digest.update(Buffer.from(checksum, 'base64'))
  return `${Buffer.from(digest.digest()).toString('base64')}-${parts.length}`
}

/** A checksum in headers, in AWS's member order. */
export const checksumHeaders = {
  ChecksumCRC32: inHeader('x-amz-checksum-crc32', string()),
  ChecksumCRC32C: inHeader('x-amz-checksum-crc32c', string()),
  ChecksumCRC64NVME: inHeader('x-amz-checksum-crc64nvme', string()),
  ChecksumSHA1: inHeader('x-amz-checksum-sha1', string()),
  ChecksumSHA256: inHeader('x-amz-checksum-sha256', string()),
  ChecksumSHA512: inHeader('x-amz-checksum-sha512', string()),
  ChecksumMD5: inHeader('x-amz-checksum-md5', string()),
  ChecksumXXHASH64: inHeader('x-amz-checksum-xxhash64', string()),
  ChecksumXXHASH3: inHeader('x-amz-checksum-xxhash3', string()),
  ChecksumXXHASH128: inHeader('x-amz-checksum-xxhash128', string()),
}

/** A checksum in XML. */
export const checksumElements = {
  ChecksumCRC32: string(),
  ChecksumCRC32C: string(),
  ChecksumCRC64NVME: string(),
  ChecksumSHA1: string(),
  ChecksumSHA256: string(),
  ChecksumSHA512: string(),
  ChecksumMD5: string(),
  ChecksumXXHASH64: string(),
  ChecksumXXHASH3: string(),
  ChecksumXXHASH128: string(),
}

type ChecksumMember = `Checksum${ChecksumAlgorithm}`
export type ChecksumMembers = { readonly [M in ChecksumMember]?: string | undefined }

export const memberOf = (algorithm: ChecksumAlgorithm): ChecksumMember => `Checksum${algorithm}`

/** A checksum as an output's members. */
export const checksumAnswer = (
  checksum: Checksum | undefined,
): ChecksumMembers & { ChecksumType?: ChecksumType | undefined } =>
  checksum ? { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {}

export const headerOf = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`
