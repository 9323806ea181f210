import { inHeader, string } from '../../service/shape.ts'
import type { Checksum, ChecksumAlgorithm, ChecksumType } from './checksum.ts'

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

export type ChecksumMember = `Checksum${ChecksumAlgorithm}`
export type ChecksumMembers = { readonly [M in ChecksumMember]?: string | undefined }

export const memberOf = (algorithm: ChecksumAlgorithm): ChecksumMember => `Checksum${algorithm}`

/** A checksum as an output's members. */
export const checksumAnswer = (
  checksum: Checksum | undefined,
): ChecksumMembers & { ChecksumType?: ChecksumType | undefined } =>
  checksum ? { [memberOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {}

export const headerOf = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`
