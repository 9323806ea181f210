import { ServiceException } from '../../service/exception.ts'

const WEEK_SECONDS = 604_800

/**
 * Throws what S3 answers to a presigned link that has expired or lacks a part. `now` is the time of the machine, which
 * is what whoever made the link went by.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html (version 2)
 */
export function checkPresigned(query: URLSearchParams, now: number): void {
  if (query.has('X-Amz-Algorithm')) checkVersion4(query, now)
  else if (query.has('AWSAccessKeyId')) checkVersion2(query, now)
}

const isPresigned = (query: URLSearchParams): boolean =>
  query.has('X-Amz-Algorithm') || query.has('AWSAccessKeyId')

const VERSION_4 = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
]

function checkVersion4(query: URLSearchParams, now: number): void {
  if (VERSION_4.some((name) => !query.get(name)))
    throw invalidParameters(
      `Query-string authentication version 4 requires the ${VERSION_4.slice(0, -1).join(', ')}, and X-Amz-Expires parameters.`,
    )
  checkCredential(query.get('X-Amz-Credential')!)
  const expires = query.get('X-Amz-Expires')!
  if (!/^-?\d+$/.test(expires)) throw invalidParameters('X-Amz-Expires should be a number')
  if (Number(expires) < 0) throw invalidParameters('X-Amz-Expires must be non-negative')
  if (Number(expires) > WEEK_SECONDS)
    throw invalidParameters(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${WEEK_SECONDS} seconds`,
    )
  const signedAt = parseBasicTime(query.get('X-Amz-Date')!)
  if (signedAt === undefined)
    throw invalidParameters("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
  const expiresAt = signedAt + Number(expires) * 1000
  if (now > expiresAt) throw expired(expiresAt, now, { 'X-Amz-Expires': expires })
}

/** SigV4A's has no region. */
function checkCredential(credential: string): void {
  if (!/^[^/]+(\/[^/]+){3,4}$/.test(credential))
    throw invalidParameters(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
}

function checkVersion2(query: URLSearchParams, now: number): void {
  const expires = query.get('Expires') ?? ''
  if (!query.get('Signature') || expires === '')
    throw accessDenied(
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
  if (!/^\d+$/.test(expires)) throw accessDenied(`Invalid date (should be seconds since epoch): ${expires}`)
  if (now > Number(expires) * 1000) throw expired(Number(expires) * 1000, now)
}

/** `20260101T000000Z` as ms since 1970. */
function parseBasicTime(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}

const invalidParameters = (message: string) =>
  new ServiceException('AuthorizationQueryParametersError', message)

const accessDenied = (message: string, fields: Readonly<Record<string, string>> = {}) =>
  new ServiceException('AccessDenied', message, 403, fields)

const expired = (expiresAt: number, now: number, fields: Readonly<Record<string, string>> = {}) =>
  accessDenied('Request has expired', { ...fields, Expires: second(expiresAt), ServerTime: second(now) })

const second = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

/**
 * What is only said about a signature or a body: a link is made before its body is known, so S3 leaves these be
 * (SDKs put the checksum of an empty body into a link).
 */
const NOT_A_HEADER =
  /^x-amz-(content-sha256|decoded-content-length|sdk-checksum-algorithm|trailer|checksum-(?!mode$|algorithm$|type$).*)$/
const HEADERS = ['if-match', 'if-none-match']

/**
 * The headers that a presigned link carries in its query, where SDKs put them so that whoever uses the link need not
 * send them. A header that is sent as well counts.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
export function headersOf(
  headers: ReadonlyMap<string, string>,
  query: URLSearchParams,
): ReadonlyMap<string, string> {
  if (!isPresigned(query)) return headers
  const all = new Map(headers)
  for (const [member, value] of query) {
    const name = member.toLowerCase()
    const isHeader = HEADERS.includes(name) || (name.startsWith('x-amz-') && !NOT_A_HEADER.test(name))
    if (isHeader && !all.has(name)) all.set(name, value)
  }
  return all
}
