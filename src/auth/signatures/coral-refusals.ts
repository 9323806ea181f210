import { ServiceException } from '../../service/exception.ts'
import { basicTime } from '../../service/signing/basic-time.ts'
import { FOUND_BOTH } from '../../service/signing/form.ts'
import { SCOPE_END } from '../../service/signing/signing-key.ts'
import { type Refusals, SKEW_MS, type WrongScope } from './refusals.ts'

/** AWS's services share the texts; by protocol they differ in the codes and their statuses. */
interface Codes {
  readonly missing: string
  readonly missingText: string
  readonly incomplete: string
  readonly unknown: string
  readonly mismatch: string
  readonly expired: string
  /** Of all but `incomplete`, which is 400. */
  readonly status: number
}

const JSON_CODES: Codes = {
  missing: 'MissingAuthenticationTokenException',
  missingText: 'Missing Authentication Token',
  incomplete: 'IncompleteSignatureException',
  unknown: 'UnrecognizedClientException',
  mismatch: 'InvalidSignatureException',
  expired: 'ExpiredTokenException',
  status: 400,
}
const QUERY_CODES: Codes = {
  missing: 'MissingAuthenticationToken',
  missingText: 'Request is missing Authentication Token',
  incomplete: 'IncompleteSignature',
  unknown: 'InvalidClientTokenId',
  mismatch: 'SignatureDoesNotMatch',
  expired: 'ExpiredToken',
  status: 403,
}

const NOT_THE_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const SKEW_MINUTES = SKEW_MS / 60_000

/** What every service but S3 says. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
function coralRefusals(codes: Codes): Refusals {
  const { status } = codes
  const incomplete: Refusals['incomplete'] = (message) => new ServiceException(codes.incomplete, message)
  const wrong = (message: string) => new ServiceException(codes.mismatch, message, status)
  const invalidToken = () =>
    new ServiceException(codes.unknown, 'The security token included in the request is invalid.', status)
  return {
    missing: () => new ServiceException(codes.missing, codes.missingText, status),
    both: () => wrong(FOUND_BOTH),
    algorithm: (authorization) =>
      incomplete(`Unsupported AWS 'algorithm': '${authorization.split(/[\s,]/, 1)[0]}'.`),
    queryAlgorithm: (algorithm) => incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`),
    namesParts: true,
    version4A: () =>
      incomplete(
        'Standpipe does not support Signature Version 4A (AWS4-ECDSA-P256-SHA256): sign with AWS4-HMAC-SHA256.',
      ),
    incomplete,
    credential: (credential) =>
      incomplete(
        `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      ),
    scope: (scope) => wrong(scopeFaults(scope)),
    service: (expected) => wrong(`Credential should be scoped to correct service: '${expected}'. `),
    date: (given) => incomplete(`Date must be in ISO-8601 'basic format'. Got '${given}'.`),
    skew: ({ signedAt, given, now }) => wrong(skewFault(signedAt, given, now)),
    unknownKey: invalidToken,
    token: invalidToken,
    expiredToken: () =>
      new ServiceException(codes.expired, 'The security token included in the request is expired', status),
    unsignedHeaders: (names) =>
      wrong(names.map((name) => `'${name}' must be a 'SignedHeader' in the AWS Authorization. `).join('')),
    mismatch: () => wrong(NOT_THE_SIGNATURE),
    body: () => wrong(NOT_THE_SIGNATURE),
  }
}

export const jsonRefusals = coralRefusals(JSON_CODES)
export const queryRefusals = coralRefusals(QUERY_CODES)
export const ownRefusals = coralRefusals({ ...JSON_CODES, status: 403 })

function scopeFaults({ region, terminator, date }: WrongScope): string {
  const faults: string[] = []
  if (region !== undefined) faults.push('Credential should be scoped to a valid region. ')
  if (terminator !== undefined)
    faults.push(`Credential should be scoped with a valid terminator: '${SCOPE_END}', not '${terminator}'. `)
  if (date)
    faults.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date.scope}' != '${date.request.slice(0, 8)}', from '${date.request}'. `,
    )
  return faults.join('')
}

function skewFault(signedAt: number, given: string, now: number): string {
  const [past, sign] = signedAt < now ? [true, '-'] : [false, '+']
  const limit = basicTime(now + (past ? -SKEW_MS : SKEW_MS))
  const how = past ? 'Signature expired' : 'Signature not yet current'
  return `${how}: ${given} is ${past ? 'now earlier' : 'still later'} than ${limit} (${basicTime(now)} ${sign} ${SKEW_MINUTES} min.)`
}
