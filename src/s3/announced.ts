import { ServiceException } from '../service/exception.ts'
import type { StreamBody } from '../service/shape.ts'
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm, digestOf, isChecksum } from './checksum.ts'
import { type ChecksumMembers, headerOf, memberOf } from './checksum-members.ts'
import { type Digest, nodeDigest } from './digest.ts'
import { badDigest, contentMd5Mismatch, incompleteBody, invalidDigest, invalidRequest } from './exceptions.ts'

/** Everything that a sender says about a body. */
export interface Announced extends ChecksumMembers {
  readonly ContentLength?: number | undefined
  readonly ContentMD5?: string | undefined
  /** The `x-amz-trailer` header: which checksum follows the data. */
  readonly Trailer?: string | undefined
  /** The `x-amz-content-sha256` header: of the data, or a word for how the body is framed. */
  readonly ContentSHA256?: string | undefined
}

export interface Verification {
  /** To be fed with the body. */
  readonly digests: readonly Digest[]
  /** Throws for whatever is not as it was announced; returns the checksums, in base64. */
  readonly check: (
    actual: { readonly sizeBytes: number; readonly md5: Uint8Array },
    trailers: StreamBody['trailers'],
  ) => ReadonlyMap<ChecksumAlgorithm, string>
}

/** How to verify a body's length, MD5, SHA-256 and checksum; computes `also` a checksum that is wanted anyway. */
export async function verificationOf(announced: Announced, also?: ChecksumAlgorithm): Promise<Verification> {
  const { ContentLength: sizeBytes, ContentMD5: md5, ContentSHA256: framing = '' } = announced
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw invalidDigest(md5)
  const algorithm = announcedAlgorithm(announced)
  const digests = new Map<ChecksumAlgorithm, Digest>()
  for (const name of [algorithm, also])
    if (name && !digests.has(name)) digests.set(name, await digestOf(name))
  const sha256 = /^[0-9a-f]{64}$/.test(framing) ? nodeDigest('sha256') : undefined
  return {
    digests: [...digests.values(), ...(sha256 ? [sha256] : [])],
    check(actual, trailers) {
      if (sizeBytes !== undefined && actual.sizeBytes !== sizeBytes) throw incompleteBody()
      const actualMd5 = base64(actual.md5)
      if (md5 !== undefined && md5 !== actualMd5) throw contentMd5Mismatch(md5, actualMd5)
      if (sha256) checkSha256(framing, Buffer.from(sha256.digest()).toString('hex'))
      const values = new Map([...digests].map(([name, digest]) => [name, base64(digest.digest())]))
      if (algorithm && expectedValue(announced, algorithm, trailers) !== values.get(algorithm))
        throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`)
      return values
    },
  }
}

/** The algorithm whose value the sender gives, in a header or behind the data. */
export function announcedAlgorithm(announced: Announced): ChecksumAlgorithm | undefined {
  const inHeaders = CHECKSUM_ALGORITHMS.filter((name) => announced[memberOf(name)] !== undefined)
  if (inHeaders.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const [name] = inHeaders
  if (name && !isChecksum(name, announced[memberOf(name)]!))
    throw invalidRequest(`Value for ${headerOf(name)} header is invalid.`)
  const trailer = announced.Trailer?.toLowerCase()
  return name ?? CHECKSUM_ALGORITHMS.find((candidate) => headerOf(candidate) === trailer)
}

function expectedValue(
  announced: Announced,
  name: ChecksumAlgorithm,
  trailers: StreamBody['trailers'],
): string {
  const value = announced[memberOf(name)] ?? trailers?.get(headerOf(name))
  if (value === undefined)
    throw new ServiceException(
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    )
  if (!isChecksum(name, value))
    throw invalidRequest(`Value for ${headerOf(name)} trailing header is invalid.`)
  return value
}

function checkSha256(expected: string, actual: string): void {
  if (expected !== actual)
    throw new ServiceException(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: actual },
    )
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
