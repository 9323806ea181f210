import type { StreamBody } from '../../service/shape.ts'
import { invalidArgument, invalidRequest, malformedTrailer } from '../exceptions.ts'
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type ChecksumMembers,
  headerOf,
  isChecksum,
  memberOf,
} from './checksum.ts'

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
export function announcedValue(
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
export function checkTrailers({ Trailer: name }: Announced, trailers: StreamBody['trailers']): void {
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
export function announcedSha256({ ContentSHA256: text }: Announced): string | undefined {
  if (text === undefined || FRAMINGS.includes(text)) return undefined
  if (/^[0-9a-f]{64}$/.test(text)) return text
  throw invalidArgument(
    `x-amz-content-sha256 must be ${FRAMINGS.join(', ')} or a valid sha256 value.`,
    'x-amz-content-sha256',
    text,
  )
}
