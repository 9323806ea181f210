import { ServiceException } from '../../service/exception.ts'
import { invalidRequest } from '../exceptions.ts'

export const badDigest = (message: string) => new ServiceException('BadDigest', message)

/** A checksum of another algorithm than an upload was created with; `null` is none. */
export const checksumTypeMismatch = (expected = 'null', actual = 'null') =>
  invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${actual.toLowerCase()}`,
  )

/** S3 writes the one digest in hexadecimal and the other in base64. */
export const contentMd5Mismatch = (expected: string, calculated: string) =>
  new ServiceException('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
    ExpectedDigest: Buffer.from(expected, 'base64').toString('hex'),
    CalculatedDigest: calculated,
  })

export const invalidDigest = (digest: string) =>
  new ServiceException('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400, {
    'Content-MD5': digest,
  })

export const missingDigest = () =>
  invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*')

export const unsupportedChecksumAlgorithm = () =>
  invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  )
