import { ServiceException } from '../../service/exception.ts'
import type { Operation, WholeBody } from '../../service/operation.ts'
import type { StreamBody } from '../../service/shape.ts'
import { incompleteBody, invalidArgument, invalidRequest, malformedTrailer } from '../exceptions.ts'
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type ChecksumMembers,
  DEFAULT_ALGORITHM,
  digestOf,
  headerOf,
  isChecksum,
  memberOf,
} from './checksum.ts'
import { badDigest, contentMd5Mismatch, invalidDigest, missingDigest } from './checksum-exceptions.ts'
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

/** S3 does without a digest nowhere else: a form of any web page can post a body, but no header. */
const WANTS_DIGEST = ['DeleteObjects']

/**
 * Verifies an XML body against what its sender said about it. Where the operation takes checksums as members they are
 * about an object and not about this body.
 */
export async function checkBody(
  { name, input }: Pick<Operation<never>, 'name' | 'input'>,
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
  const hasDigest = announced.ContentMD5 !== undefined || announcedAlgorithm(announced) !== undefined
  if (WANTS_DIGEST.includes(name) && !hasDigest) throw missingDigest()
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

/** Everything that a sender says about a body. */
export interface Announced extends ChecksumMembers {
  readonly ContentLength?: number | undefined
  readonly ContentMD5?: string | undefined
  /** The `x-amz-sdk-checksum-algorithm` header: of the checksum that the sender gives. */
  readonly ChecksumAlgorithm?: string | undefined
  /** Every `x-amz-checksum-…` header, by what follows that: it may be of no algorithm at all. */
  readonly ChecksumHeaders?: Readonly<Record<string, unknown>> | undefined
  /** The `x-amz-trailer` header: which checksum follows the data. */
  readonly Trailer?: string | undefined
  /** The `x-amz-content-sha256` header: of the data, or a word for how the body is framed. */
  readonly ContentSHA256?: string | undefined
}

/** The algorithm whose value the sender gives, in a header or behind the data. Throws InvalidRequest. */
export function announcedAlgorithm(announced: Announced): ChecksumAlgorithm | undefined {
  const inHeader = algorithmInHeaders(announced)
  const inTrailer = algorithmInTrailer(announced.Trailer)
  if (inHeader && inTrailer) throw invalidRequest('Expecting a single x-amz-checksum- header')
  const algorithm = inHeader ?? inTrailer
  checkNamed(announced.ChecksumAlgorithm, algorithm)
  return algorithm
}

function algorithmInHeaders(announced: Announced): ChecksumAlgorithm | undefined {
  const names = CHECKSUM_ALGORITHMS.filter((name) => announced[memberOf(name)] !== undefined)
  if (names.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  if (Object.keys(announced.ChecksumHeaders ?? {}).some((suffix) => !CHECKSUM_HEADERS.has(suffix)))
    throw invalidRequest('The algorithm type you specified in x-amz-checksum- header is invalid.')
  const [name] = names
  if (name && !isChecksum(name, announced[memberOf(name)]!))
    throw invalidRequest(`Value for ${headerOf(name)} header is invalid.`)
  return name
}

const CHECKSUM_HEADERS: ReadonlySet<string> = new Set([
  ...CHECKSUM_ALGORITHMS.map((name) => name.toLowerCase()),
  'algorithm',
  'mode',
  'type',
])

function algorithmInTrailer(trailer: string | undefined): ChecksumAlgorithm | undefined {
  if (trailer === undefined) return undefined
  const name = CHECKSUM_ALGORITHMS.find((each) => headerOf(each) === trailer.trim().toLowerCase())
  if (!name) throw invalidRequest('The value specified in the x-amz-trailer header is not supported')
  return name
}

function checkNamed(named: string | undefined, given: ChecksumAlgorithm | undefined): void {
  if (named === undefined) return
  const isKnown = CHECKSUM_ALGORITHMS.some((name) => name === named.toUpperCase())
  if (!isKnown || (given && given !== named.toUpperCase()))
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.')
  if (!given)
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
}

/** The checksum that the sender gave, in base64. Throws InvalidRequest, and MalformedTrailerError. */
function announcedValue(
  announced: Announced,
  name: ChecksumAlgorithm,
  trailers: StreamBody['trailers'],
): string {
  const value = announced[memberOf(name)] ?? trailers?.get(headerOf(name))
  if (value === undefined) throw malformedTrailer()
  if (!isChecksum(name, value))
    throw invalidRequest(`Value for ${headerOf(name)} trailing header is invalid.`)
  return value
}

/** Throws MalformedTrailerError for what follows the data and was not to be expected there. */
function checkTrailers({ Trailer: name }: Announced, trailers: StreamBody['trailers']): void {
  const expected = [name?.trim().toLowerCase(), 'x-amz-trailer-signature']
  for (const trailer of trailers?.keys() ?? []) if (!expected.includes(trailer)) throw malformedTrailer()
}

/** What `x-amz-content-sha256` says when it is no SHA-256. */
const FRAMINGS = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER',
]

/** The SHA-256 that the sender gave, in hexadecimal, if it gave one. Throws InvalidArgument for what is neither. */
function announcedSha256({ ContentSHA256: text }: Announced): string | undefined {
  if (text === undefined || FRAMINGS.includes(text)) return undefined
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw invalidArgument(
    `x-amz-content-sha256 must be ${FRAMINGS.join(', ')} or a valid sha256 value.`,
    'x-amz-content-sha256',
    text,
  )
}
