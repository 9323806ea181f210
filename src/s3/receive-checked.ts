import { ServiceException } from '../service/exception.ts'
import type { StreamBody } from '../service/shape.ts'
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  type ChecksumAlgorithm,
  DEFAULT_ALGORITHM,
  digestOf,
  isChecksum,
} from './checksum.ts'
import { type ChecksumMembers, headerOf, memberOf } from './checksum-members.ts'
import { nodeDigest } from './digest.ts'
import {
  badDigest,
  contentMd5Mismatch,
  entityTooLarge,
  incompleteBody,
  invalidDigest,
  invalidRequest,
} from './exceptions.ts'
import { MAX_UPLOAD_BYTES, type Received, receive } from './receive.ts'
import type { S3 } from './s3.ts'

/** A body and everything its sender said about it. */
export interface BodyInput extends ChecksumMembers {
  readonly Body?: StreamBody | undefined
  readonly ContentLength?: number | undefined
  readonly ContentMD5?: string | undefined
  readonly ChecksumAlgorithm?: ChecksumAlgorithm | undefined
  /** The `x-amz-trailer` header: which checksum follows the data. */
  readonly Trailer?: string | undefined
  /** The `x-amz-content-sha256` header: of the data, or a word for how the body is framed. */
  readonly ContentSHA256?: string | undefined
}

/**
 * Takes in a body and verifies whatever was announced: its length, MD5, SHA-256 and checksum. The checksum is of
 * `algorithm`, or the sender's, or S3's default.
 */
export async function receiveChecked(
  s3: S3,
  input: BodyInput,
  algorithm?: ChecksumAlgorithm,
): Promise<Received & { readonly checksum: Checksum }> {
  const { Body: body = NOTHING, ContentLength: announcedBytes, ContentMD5: md5 } = input
  if (announcedBytes !== undefined && announcedBytes > MAX_UPLOAD_BYTES)
    throw entityTooLarge(announcedBytes, MAX_UPLOAD_BYTES)
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) throw invalidDigest(md5)
  const announced = announcedAlgorithm(input)
  const kept = algorithm ?? announced ?? DEFAULT_ALGORITHM
  const digests = new Map([[kept, await digestOf(kept)]])
  if (announced && announced !== kept) digests.set(announced, await digestOf(announced))
  const sha256 = /^[0-9a-f]{64}$/.test(input.ContentSHA256 ?? '') ? nodeDigest('sha256') : undefined

  let value = ''
  const received = await receive(s3, body, {
    digests: [...digests.values(), ...(sha256 ? [sha256] : [])],
    check(actual) {
      if (announcedBytes !== undefined && actual.sizeBytes !== announcedBytes) throw incompleteBody()
      const actualMd5 = base64(actual.md5)
      if (md5 !== undefined && md5 !== actualMd5) throw contentMd5Mismatch(md5, actualMd5)
      if (sha256) checkSha256(input.ContentSHA256!, Buffer.from(sha256.digest()).toString('hex'))
      const values = new Map([...digests].map(([name, digest]) => [name, base64(digest.digest())]))
      if (announced && expectedValue(input, announced, body.trailers) !== values.get(announced))
        throw badDigest(`The ${announced} you specified did not match the calculated checksum.`)
      value = values.get(kept)!
    },
  })
  return { ...received, checksum: { algorithm: kept, type: 'FULL_OBJECT', value } }
}

/** The algorithm whose value the sender gives, in a header or behind the data. */
export function announcedAlgorithm(input: BodyInput): ChecksumAlgorithm | undefined {
  const inHeaders = CHECKSUM_ALGORITHMS.filter((name) => input[memberOf(name)] !== undefined)
  if (inHeaders.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const [name] = inHeaders
  if (name && !isChecksum(name, input[memberOf(name)]!))
    throw invalidRequest(`Value for ${headerOf(name)} header is invalid.`)
  const trailer = input.Trailer?.toLowerCase()
  return name ?? CHECKSUM_ALGORITHMS.find((candidate) => headerOf(candidate) === trailer)
}

function expectedValue(input: BodyInput, name: ChecksumAlgorithm, trailers: StreamBody['trailers']): string {
  const value = input[memberOf(name)] ?? trailers?.get(headerOf(name))
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

const NOTHING: StreamBody = { async *[Symbol.asyncIterator]() {} }
