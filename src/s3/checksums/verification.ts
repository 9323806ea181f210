import { ServiceException } from '../../service/exception.ts'
import type { Operation, WholeBody } from '../../service/operation.ts'
import type { StreamBody } from '../../service/shape.ts'
import { badDigest, contentMd5Mismatch, incompleteBody, invalidDigest } from '../exceptions.ts'
import {
  type Announced,
  announcedAlgorithm,
  announcedSha256,
  announcedValue,
  checkTrailers,
} from './announced.ts'
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  DEFAULT_ALGORITHM,
  digestOf,
  headerOf,
  memberOf,
} from './checksum.ts'
import { type Digest, nodeDigest } from './digest.ts'

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
  const { ContentLength: sizeBytes, ContentMD5: md5 } = announced
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw invalidDigest(md5)
  const algorithm = announcedAlgorithm(announced)
  const digests = new Map<ChecksumAlgorithm, Digest>()
  for (const name of [algorithm, also])
    if (name && !digests.has(name)) digests.set(name, await digestOf(name))
  const sha256 = announcedSha256(announced)
  const sha256Digest = sha256 === undefined ? undefined : nodeDigest('sha256')
  return {
    digests: [...digests.values(), ...(sha256Digest ? [sha256Digest] : [])],
    check(actual, trailers) {
      if (sizeBytes !== undefined && actual.sizeBytes !== sizeBytes) throw incompleteBody()
      const actualMd5 = base64(actual.md5)
      if (md5 !== undefined && md5 !== actualMd5) throw contentMd5Mismatch(md5, actualMd5)
      if (sha256Digest) checkSha256(sha256!, Buffer.from(sha256Digest.digest()).toString('hex'))
      checkTrailers(announced, trailers)
      const values = new Map([...digests].map(([name, digest]) => [name, base64(digest.digest())]))
      if (algorithm && announcedValue(announced, algorithm, trailers) !== values.get(algorithm))
        throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`)
      return values
    },
  }
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

/**
 * Verifies an XML body against what its sender said about it. Where the operation takes checksums as members they are
 * about an object and not about this body.
 */
export async function checkBody(
  { input }: Pick<Operation<never>, 'input'>,
  { bytes, headers, trailers }: WholeBody,
): Promise<void> {
  const announced: Announced = {
    ContentMD5: headers.get('content-md5'),
    ContentSHA256: headers.get('x-amz-content-sha256'),
    Trailer: headers.get('x-amz-trailer'),
    ...(memberOf(DEFAULT_ALGORITHM) in input.members ? {} : checksumIn(headers)),
  }
  const { digests, check } = await verificationOf(announced)
  const md5 = nodeDigest('md5')
  for (const digest of [md5, ...digests]) digest.update(bytes)
  check({ sizeBytes: bytes.length, md5: md5.digest() }, trailers)
}

function checksumIn(headers: WholeBody['headers']): Announced {
  const prefix = 'x-amz-checksum-'
  const own = [...headers].filter(([name]) => name.startsWith(prefix))
  return {
    ChecksumAlgorithm: headers.get('x-amz-sdk-checksum-algorithm'),
    ChecksumHeaders: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
    ...Object.fromEntries(CHECKSUM_ALGORITHMS.map((name) => [memberOf(name), headers.get(headerOf(name))])),
  }
}
