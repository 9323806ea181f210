import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Credential } from '../../src/auth/credentials.ts'
import { permanent, startClosed, temporary } from './closed-server.ts'
import { ask, type Call, send, signed } from './send-signed.ts'

const SERVICES: readonly Call['service'][] = ['s3', 'kinesis', 'sts', 'standpipe']
const keyed = (changes: Partial<Credential>, from = permanent): Credential => ({ ...from, ...changes })
const MINUTES = 60_000

type Expected = Readonly<Record<Call['service'], readonly [code: string, status: number, message: RegExp]>>

const TOKEN = /^The security token included in the request is invalid\.$/
const unknown: Expected = {
  s3: ['InvalidAccessKeyId', 403, /^The AWS Access Key Id you provided does not exist in our records\.$/],
  kinesis: ['UnrecognizedClientException', 400, TOKEN],
  sts: ['InvalidClientTokenId', 403, TOKEN],
  standpipe: ['UnrecognizedClientException', 403, TOKEN],
}
const NOT_MATCHING =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key/
const wrong: Expected = {
  s3: [
    'SignatureDoesNotMatch',
    403,
    /^The request signature we calculated does not match the signature you provided\. Check your key and signing method\.$/,
  ],
  kinesis: ['InvalidSignatureException', 400, NOT_MATCHING],
  sts: ['SignatureDoesNotMatch', 403, NOT_MATCHING],
  standpipe: ['InvalidSignatureException', 403, NOT_MATCHING],
}
const invalidToken: Expected = {
  ...unknown,
  s3: ['InvalidToken', 400, /^The provided token is malformed or otherwise invalid\.$/],
}
const TOO_LATE =
  /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/
const TOO_EARLY =
  /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/
const skewed = (message: RegExp): Expected => ({
  s3: [
    'RequestTimeTooSkewed',
    403,
    /^The difference between the request time and the current time is too large\.$/,
  ],
  kinesis: ['InvalidSignatureException', 400, message],
  sts: ['SignatureDoesNotMatch', 403, message],
  standpipe: ['InvalidSignatureException', 403, message],
})
const REGION = /^Credential should be scoped to a valid region\. $/
const region: Expected = {
  s3: [
    'AuthorizationHeaderMalformed',
    400,
    /^The authorization header is malformed; the region 'not_one' is wrong; expecting 'us-east-1'$/,
  ],
  kinesis: ['InvalidSignatureException', 400, REGION],
  sts: ['SignatureDoesNotMatch', 403, REGION],
  standpipe: ['InvalidSignatureException', 403, REGION],
}
const EXPIRED = /^The security token included in the request is expired$/
const expired: Expected = {
  s3: ['ExpiredToken', 400, /^The provided token has expired\.$/],
  kinesis: ['ExpiredTokenException', 400, EXPIRED],
  sts: ['ExpiredToken', 403, EXPIRED],
  standpipe: ['ExpiredTokenException', 403, EXPIRED],
}

const { sessionToken: _token, ...withoutToken } = temporary
const CASES: readonly (readonly [what: string, call: () => Partial<Call>, expected: Expected])[] = [
  ['a key that there is not', () => ({ credential: keyed({ accessKeyId: 'AKIDNOBODY' }) }), unknown],
  [
    'a key that is not active',
    () => ({ credential: keyed({ accessKeyId: 'AKIDINACTIVE', secretAccessKey: 'secret/of+AKIDINACTIVE' }) }),
    unknown,
  ],
  ["another key's secret", () => ({ credential: keyed({ secretAccessKey: 'other' }) }), wrong],
  ['a temporary key without its token', () => ({ credential: withoutToken }), unknown],
  [
    'a temporary key with another token',
    () => ({ credential: keyed({ sessionToken: 'other' }, temporary) }),
    invalidToken,
  ],
  ['a token of none', () => ({ credential: keyed({ sessionToken: 'other' }) }), invalidToken],
  [
    'a key that has expired',
    () => ({
      credential: keyed({
        accessKeyId: 'ASIAEXPIRED',
        secretAccessKey: 'secret/of+ASIAEXPIRED',
        sessionToken: 'an-old-token',
      }),
    }),
    expired,
  ],
  ['sixteen minutes ago', () => ({ now: Date.now() - 16 * MINUTES }), skewed(TOO_LATE)],
  ['in sixteen minutes', () => ({ now: Date.now() + 16 * MINUTES }), skewed(TOO_EARLY)],
  ['a region that is none', () => ({ signing: { region: 'not_one' } }), region],
]

test('what a signature is refused for is said as each service says it', async (t) => {
  const { endpoint } = await startClosed(t)
  for (const service of SERVICES) {
    assert.equal((await ask(endpoint, { service })).status, 200, service)
    assert.equal((await ask(endpoint, { service, credential: temporary })).status, 200, service)
    for (const minutes of [-14, 14])
      assert.equal((await ask(endpoint, { service, now: Date.now() + minutes * MINUTES })).status, 200)
    for (const [what, call, expected] of CASES) {
      const { code, status, message } = await ask(endpoint, { service, ...call() })
      const [expectedCode, expectedStatus, text] = expected[service]
      assert.deepEqual([code, status], [expectedCode, expectedStatus], `${service}: ${what}`)
      assert.match(message ?? '', text, `${service}: ${what}`)
    }
  }
})

test('a signature that lacks something, or is of another kind, is refused by what is wrong with it', async (t) => {
  const { endpoint } = await startClosed(t)
  const right = (service: Call['service']) => signed(endpoint, { service }).headers.authorization!
  const rows: [
    service: Call['service'],
    authorization: (right: string) => string | undefined,
    code: string,
    message: RegExp,
  ][] = [
    ['s3', () => undefined, 'AccessDenied', /^Access Denied$/],
    ['s3', () => 'Bearer x', 'InvalidArgument', /^Unsupported Authorization Type$/],
    ['s3', () => 'AWS AKIDPERMANENT:c2ln', 'InvalidRequest', /Please use AWS4-HMAC-SHA256\.$/],
    ['s3', (it) => it.replace('HMAC-SHA256', 'ECDSA-P256-SHA256'), 'NotImplemented', /Signature Version 4A/],
    [
      's3',
      (it) => it.replace(/Signature=.*/, ''),
      'AuthorizationHeaderMalformed',
      /requires three components/,
    ],
    [
      's3',
      (it) => it.replace('/us-east-1/', '/'),
      'AuthorizationHeaderMalformed',
      /the Credential is mal-formed/,
    ],
    [
      's3',
      (it) => it.replace('aws4_request', 'aws5'),
      'AuthorizationHeaderMalformed',
      /incorrect terminal "aws5"/,
    ],
    [
      's3',
      (it) => it.replace(/\/20\d{6}\//, '/20200101/'),
      'AuthorizationHeaderMalformed',
      /Invalid credential date/,
    ],
    ['s3', (it) => it.replace('host;', ''), 'SignatureDoesNotMatch', /./],
    ['kinesis', () => undefined, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
    ['kinesis', () => 'Bearer x', 'IncompleteSignatureException', /requires 'Credential' parameter/],
    [
      'kinesis',
      (it) => it.replace(/Signature=.*/, ''),
      'IncompleteSignatureException',
      /requires 'Signature' parameter/,
    ],
    [
      'kinesis',
      (it) => it.replace('HMAC-SHA256', 'ECDSA-P256-SHA256'),
      'IncompleteSignatureException',
      /Signature Version 4A/,
    ],
    [
      'kinesis',
      (it) => it.replace('/us-east-1/', '/'),
      'IncompleteSignatureException',
      /exactly 5 slash-delimited elements/,
    ],
    [
      'kinesis',
      (it) => it.replace('aws4_request', 'aws5'),
      'InvalidSignatureException',
      /valid terminator: 'aws4_request', not 'aws5'/,
    ],
    [
      'kinesis',
      (it) => it.replace(/\/20\d{6}\//, '/20200101/'),
      'InvalidSignatureException',
      /^Date in Credential scope does not match YYYYMMDD/,
    ],
    ['sts', () => undefined, 'MissingAuthenticationToken', /^Request is missing Authentication Token$/],
    ['sts', (it) => it.replace(/Signature=.*/, ''), 'IncompleteSignature', /requires 'Signature' parameter/],
    ['standpipe', () => undefined, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
  ]
  for (const [service, change, code, message] of rows) {
    const { url, method, headers, body } = signed(endpoint, { service })
    const { authorization: _, ...others } = headers
    const authorization = change(right(service))
    const answer = await send(
      url,
      method,
      authorization === undefined ? others : { ...others, authorization },
      body,
    )
    assert.equal(answer.code, code, `${service}: ${authorization}\n${answer.body}`)
    assert.match(answer.message ?? '', message, `${service}: ${authorization}`)
  }
})

test('S3 prints what the signature should have been computed over', async (t) => {
  const { endpoint } = await startClosed(t)
  const { url, method, headers } = signed(endpoint, { service: 's3', path: '/lake/ü?b=1&a' })
  const changed = {
    ...headers,
    authorization: headers.authorization!.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  }
  const { body } = await send(url, method, changed)
  const element = (name: string) =>
    new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1]?.replaceAll('&#xA;', '\n')
  const canonical = element('CanonicalRequest')!
  assert.match(
    canonical,
    /^GET\n\/lake\/%C3%BC\na=&amp;b=1\nhost:127\.0\.0\.1:\d+\nx-amz-content-sha256:e3b0/,
  )
  assert.match(
    element('StringToSign')!,
    /^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}$/,
  )
  assert.equal(element('SignatureProvided')!.length, 64)
  assert.equal(element('AWSAccessKeyId'), permanent.accessKeyId)
  for (const name of ['StringToSign', 'CanonicalRequest'])
    assert.equal(
      Buffer.from(element(`${name}Bytes`)!.replaceAll(' ', ''), 'hex').toString(),
      element(name)!.replaceAll('&amp;', '&'),
    )
})

test('S3 names the headers that mean something and are not signed', async (t) => {
  const { endpoint } = await startClosed(t)
  const { url, headers } = signed(endpoint, { service: 's3' })
  const { body, code, status } = await send(url, 'GET', {
    ...headers,
    'x-amz-acl': 'private',
    'x-amz-meta-a': 'b',
  })
  assert.deepEqual([code, status], ['AccessDenied', 403])
  assert.match(body, /<HeadersNotSigned>x-amz-acl, x-amz-meta-a<\/HeadersNotSigned>/)
})

test('the body is compared with what was signed', async (t) => {
  const { endpoint } = await startClosed(t)
  await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake' })
  for (const [call, code] of [
    [{ service: 's3', method: 'PUT', path: '/lake/k', body: 'hello' }, 'XAmzContentSHA256Mismatch'],
    [
      { service: 's3', method: 'PUT', path: '/lake?tagging', body: '<Tagging><TagSet/></Tagging>' },
      'XAmzContentSHA256Mismatch',
    ],
    [{ service: 'kinesis', body: '{"Limit":1}' }, 'InvalidSignatureException'],
    [{ service: 'sts' }, 'SignatureDoesNotMatch'],
    [
      { service: 'standpipe', method: 'POST', path: '/_standpipe/api/clock/advance', body: '{"by":"1s"}' },
      'InvalidSignatureException',
    ],
  ] satisfies [Call, string][]) {
    const { url, method, headers, body } = signed(endpoint, call)
    assert.equal((await send(url, method, headers, `${body} `)).code, code)
    const said = signed(endpoint, { ...call, headers: { 'x-amz-content-sha256': 'e'.repeat(64) } })
    assert.equal(
      (await send(said.url, method, said.headers, body)).code,
      code,
      'a hash that is not the body’s',
    )
  }
  assert.equal((await ask(endpoint, { service: 's3', path: '/lake/k' })).code, 'NoSuchKey')
})

test('a signature for one service is none for another', async (t) => {
  const { endpoint } = await startClosed(t)
  const scoped = (service: Call['service'], signedFor: string) =>
    ask(endpoint, { service, signing: { service: signedFor } })
  const kinesis = await scoped('kinesis', 'firehose')
  assert.deepEqual(
    [kinesis.code, kinesis.message],
    ['InvalidSignatureException', "Credential should be scoped to correct service: 'kinesis'. "],
  )
  const own = await scoped('standpipe', 'kinesis')
  assert.deepEqual(
    [own.code, own.message],
    ['InvalidSignatureException', "Credential should be scoped to correct service: 'standpipe'. "],
  )
  assert.notEqual((await scoped('s3', 'kinesis')).status, 200)
  assert.notEqual((await scoped('sts', 's3')).status, 200)
})
