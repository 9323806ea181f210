import { ServiceException } from '../../service/exception.ts'
import { isoSecond } from '../../service/signing/basic-time.ts'
import { type Mismatch, type Refusals, SKEW_MS, type WrongScope } from './refusals.ts'

/** What S3 says. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Refusals = (expectedRegion: string): Refusals => ({
  ...ofForm,
  ...ofKey,
  scope: (wrong, place) => scopeRefusal(wrong, place, expectedRegion),
})

const ofForm = {
  missing: () => denied('Access Denied'),
  both: (authorization) =>
    invalidArgument(
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      authorization,
    ),
  algorithm: (authorization) =>
    /^AWS[ 4]/.test(authorization)
      ? invalidRequest(
          'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
        )
      : invalidArgument('Unsupported Authorization Type', authorization),
  queryAlgorithm: () =>
    new ServiceException(
      'AuthorizationQueryParametersError',
      'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
    ),
  namesParts: false,
  version4A: () =>
    new ServiceException(
      'NotImplemented',
      'Standpipe does not support Signature Version 4A (AWS4-ECDSA-P256-SHA256): sign with AWS4-HMAC-SHA256. See COMPATIBILITY.md.',
      501,
    ),
  incomplete: (_fault, part) =>
    part === 'date'
      ? noDate()
      : malformed(
          'the authorization header requires three components: Credential, SignedHeaders, and Signature.',
        ),
  credential: (_credential, place) =>
    inCredential(
      place,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    ),
  service: (expected, actual) =>
    inCredential('header', `incorrect service "${actual}". This endpoint belongs to "${expected}".`),
  date: () => noDate(),
  skew: ({ given, now }) =>
    new ServiceException(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
      {
        RequestTime: given,
        ServerTime: isoSecond(now),
        MaxAllowedSkewMilliseconds: String(SKEW_MS),
      },
    ),
} satisfies Partial<Refusals>

const ofKey = {
  unknownKey: (accessKeyId) =>
    new ServiceException(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
      { AWSAccessKeyId: accessKeyId },
    ),
  token: (token) =>
    new ServiceException(
      'InvalidToken',
      'The provided token is malformed or otherwise invalid.',
      400,
      token === '' ? {} : { 'Token-0': token },
    ),
  expiredToken: (token) =>
    new ServiceException('ExpiredToken', 'The provided token has expired.', 400, { 'Token-0': token }),
  unsignedHeaders: (names) =>
    denied('There were headers present in the request which were not signed', {
      HeadersNotSigned: names.join(', '),
    }),
  mismatch,
  body: (claimed, actual) =>
    new ServiceException(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: actual },
    ),
} satisfies Partial<Refusals>

export const missingPayloadHash = () =>
  invalidRequest('Missing required header for this request: x-amz-content-sha256')
export const notYetValid = () => denied('Request is not valid yet')
export const unknownPayload = (payload: string, known: readonly string[]) =>
  new ServiceException(
    'InvalidArgument',
    `x-amz-content-sha256 must be ${known.join(', ')} or a valid sha256 value.`,
    400,
    { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payload },
  )

const denied = (message: string, fields: Readonly<Record<string, string>> = {}) =>
  new ServiceException('AccessDenied', message, 403, fields)

const noDate = () => denied('AWS authentication requires a valid Date or x-amz-date header')

const invalidRequest = (message: string) => new ServiceException('InvalidRequest', message)

const invalidArgument = (message: string, authorization: string) =>
  new ServiceException('InvalidArgument', message, 400, {
    ArgumentName: 'Authorization',
    ArgumentValue: authorization,
  })

const malformed = (fault: string, fields: Readonly<Record<string, string>> = {}) =>
  new ServiceException(
    'AuthorizationHeaderMalformed',
    `The authorization header is malformed; ${fault}`,
    400,
    fields,
  )

const inCredential = (
  place: 'header' | 'query',
  fault: string,
  fields: Readonly<Record<string, string>> = {},
) =>
  place === 'header'
    ? malformed(fault, fields)
    : new ServiceException(
        'AuthorizationQueryParametersError',
        `Error parsing the X-Amz-Credential parameter; ${fault}`,
        400,
        fields,
      )

function scopeRefusal(
  { region, terminator, date }: WrongScope,
  place: 'header' | 'query',
  expected: string,
): ServiceException {
  if (region !== undefined)
    return inCredential(place, `the region '${region}' is wrong; expecting '${expected}'`, {
      Region: expected,
    })
  if (terminator !== undefined)
    return inCredential(place, `incorrect terminal "${terminator}". This endpoint uses "aws4_request".`)
  const { scope, request } = date!
  if (!/^\d{8}$/.test(scope))
    return inCredential(
      place,
      `incorrect date format "${scope}". This date in the credential must be in the format "yyyyMMdd".`,
    )
  return place === 'header'
    ? malformed('Invalid credential date. Date is not the same as X-Amz-Date.')
    : new ServiceException(
        'AuthorizationQueryParametersError',
        `Invalid credential date "${scope}". This date is not the same as X-Amz-Date: "${request.slice(0, 8)}".`,
      )
}

function mismatch({ accessKeyId, stringToSign, signature, canonicalRequest }: Mismatch): ServiceException {
  const canonical = canonicalRequest !== undefined && {
    CanonicalRequest: asText(canonicalRequest),
    CanonicalRequestBytes: bytesOf(canonicalRequest),
  }
  return new ServiceException(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
    {
      AWSAccessKeyId: accessKeyId,
      StringToSign: asText(stringToSign),
      SignatureProvided: signature,
      StringToSignBytes: bytesOf(stringToSign),
      ...canonical,
    },
  )
}

const asText = (bytes: string) => Buffer.from(bytes, 'latin1').toString()
const bytesOf = (bytes: string) =>
  Buffer.from(bytes, 'latin1')
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
