import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_TYPES,
  type ChecksumAlgorithm,
  type ChecksumType,
  DEFAULT_ALGORITHM,
  isFullObjectAlgorithm,
} from '../checksums/checksum.ts'
import { invalidRequest, unsupportedChecksumAlgorithm } from '../exceptions.ts'
import type { Upload } from './multipart-upload.ts'

/**
 * Which checksum an upload will have: CRC64NVME is always of the whole object, the other CRCs may be, the rest is
 * of the parts' checksums.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function uploadChecksum({
  ChecksumAlgorithm: algorithm,
  ChecksumType: type,
}: {
  readonly ChecksumAlgorithm?: ChecksumAlgorithm | undefined
  readonly ChecksumType?: ChecksumType | undefined
}): Upload['checksum'] {
  if (algorithm === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      )
    return { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT', isDefault: true }
  }
  if (!CHECKSUM_ALGORITHMS.includes(algorithm)) throw unsupportedChecksumAlgorithm()
  if (type !== undefined && !CHECKSUM_TYPES.includes(type))
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')
  const isPossible = chosen === 'FULL_OBJECT' ? isFullObjectAlgorithm(algorithm) : algorithm !== 'CRC64NVME'
  if (!isPossible)
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  return { algorithm, type: chosen, isDefault: false }
}
