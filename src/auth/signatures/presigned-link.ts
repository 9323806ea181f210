import { ServiceException } from '../../service/exception.ts'
import { isoSecond, parseBasicTime } from '../../service/signing/basic-time.ts'

export const WEEK_SECONDS = 604_800

/**
 * Throws what S3 answers to a presigned link that has expired or lacks a part. `now` is the time of the machine, which
 * is what whoever made the link went by.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html (version 2)
 */
export function checkPresigned(query: URLSearchParams, now: number): void {
  if (query.has('X-Amz-Algorithm')) checkLink(query, now)
  else if (query.has('AWSAccessKeyId')) checkLink2(query, now)
}

const VERSION_4 = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
]

/** One of version 4. */
export function checkLink(query: URLSearchParams, now: number): void {
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

/** One of version 2. */
export function checkLink2(query: URLSearchParams, now: number): void {
  const expires = query.get('Expires') ?? ''
  if (!query.get('Signature') || expires === '')
    throw accessDenied(
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
  if (!/^\d+$/.test(expires)) throw accessDenied(`Invalid date (should be seconds since epoch): ${expires}`)
  if (now > Number(expires) * 1000) throw expired(Number(expires) * 1000, now)
}

const invalidParameters = (message: string) =>
  new ServiceException('AuthorizationQueryParametersError', message)

const accessDenied = (message: string, fields: Readonly<Record<string, string>> = {}) =>
  new ServiceException('AccessDenied', message, 403, fields)

const expired = (expiresAt: number, now: number, fields: Readonly<Record<string, string>> = {}) =>
  accessDenied('Request has expired', {
    ...fields,
    Expires: isoSecond(expiresAt),
    ServerTime: isoSecond(now),
  })
