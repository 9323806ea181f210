import { createAuthenticator } from '../../../../src/auth/signatures/authenticator.ts'
import { bucketOfHost } from '../../../../src/s3/dialect/s3-dialect.ts'
import { isSubresource } from '../../../../src/s3/dialect/selectors.ts'
import type { RequestHead, Spoken } from '../../../../src/service/signing/authentication.ts'
import { authenticate as authenticateOpen, formIdentity } from '../../../../src/wire/authenticate.ts'
import { readOrRefused, type Target, textsIn } from '../target.ts'

const NOW = Date.UTC(2026, 0, 1)
const SPOKEN: readonly Spoken[] = ['json', 'rest']
const DEFAULTS = { account: '000000000000', region: 'us-east-1' }
const authenticator = createAuthenticator({
  credentials: {
    find: (accessKeyId: string) =>
      accessKeyId === 'AKIDEXAMPLE'
        ? {
            ...{ accessKeyId, secretAccessKey: 'secret', isActive: true },
            principal: {
              ...{ kind: 'user', account: DEFAULTS.account, arn: 'arn:aws:iam::000000000000:user/a' },
              ...{ id: 'AIDA', name: 'a' },
            } as never,
          }
        : undefined,
  } as never,
  region: 'us-east-1',
  resources: { bucketOf: bucketOfHost, isSubresource },
  isAnonymousJudged: true,
})

/** `HEADER:VALUE` lines, the first line the target as it was sent. */
function headOf(bytes: Buffer): RequestHead {
  const [target = '', ...lines] = bytes.toString('latin1').split('\n')
  const mark = target.indexOf('?')
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1)
  const headers = new Map<string, string>()
  const repeated = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    const value = line.slice(colon + 1)
    const before = headers.get(name)
    if (before !== undefined) repeated.set(name, [...(repeated.get(name) ?? [before]), value])
    headers.set(name, before === undefined ? value : `${before},${value}`)
  }
  return {
    ...{ method: 'GET', path: mark < 0 ? target : target.slice(0, mark), rawQuery },
    ...{ query: new URLSearchParams(rawQuery), headers, repeated },
  }
}

const SCOPE = 'AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request'

export const signatures: Target = {
  isSync: true,
  seeds: [
    `/b/k\nhost:s3.localhost\nx-amz-date:20260101T000000Z\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nauthorization:AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    `/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${SCOPE.replaceAll('/', '%2F')}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}\nhost:b.s3.localhost`,
    '/b/k?AWSAccessKeyId=AKIDEXAMPLE&Expires=1798761600&Signature=AAAA%3D&acl\nhost:localhost\nx-amz-meta-a: b',
    '/\nauthorization:AWS AKIDEXAMPLE:abc\ndate:Thu, 01 Jan 2026 00:00:00 GMT',
    '/\nauthorization:AWS4-ECDSA-P256-SHA256 Credential=a\nx-amz-security-token:x',
  ],
  words: [
    ...[
      'Credential=',
      'SignedHeaders=',
      'Signature=',
      'AWS4-HMAC-SHA256 ',
      'aws4_request',
      'X-Amz-Expires=',
      'X-Amz-Date=',
    ],
    ...[
      'x-amz-date:',
      'x-amz-content-sha256:',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'X-Amz-Algorithm=',
      'AWSAccessKeyId=',
    ],
    ...['authorization:', 'host:', 'X-Amz-Security-Token=', SCOPE, '%', ', '],
  ],
  run(bytes) {
    const head = headOf(bytes)
    for (const spoken of SPOKEN) readOrRefused(() => authenticator.authenticate(head, spoken, NOW))
    readOrRefused(() => authenticateOpen(head, DEFAULTS))
  },
}

export const signedForm: Target = {
  isSync: true,
  seeds: [
    [
      'policy',
      'e30=',
      'x-amz-algorithm',
      'AWS4-HMAC-SHA256',
      'x-amz-credential',
      SCOPE,
      'x-amz-date',
      '20260101T000000Z',
      'x-amz-signature',
      '00',
    ].join('\0'),
    ['policy', 'e30=', 'awsaccesskeyid', 'AKIDEXAMPLE', 'signature', 'AAAA'].join('\0'),
  ],
  words: [
    'policy',
    'x-amz-credential',
    'x-amz-signature',
    'x-amz-date',
    'x-amz-algorithm',
    'awsaccesskeyid',
    'signature',
    '\0',
  ],
  run(bytes) {
    const texts = textsIn(bytes)
    const fields = new Map<string, string>()
    for (let at = 0; at + 1 < texts.length; at += 2) fields.set(texts[at]!, texts[at + 1]!)
    readOrRefused(() => authenticator.authenticateForm(fields, NOW))
    readOrRefused(() => formIdentity(fields, DEFAULTS))
  },
}
