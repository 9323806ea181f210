import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAuthenticator } from '../../../src/auth/signatures/authenticator.ts'
import { isAnswer } from '../../../src/service/invoke.ts'
import { rootOf } from '../../../src/service/principal.ts'
import type { Spoken } from '../../../src/service/signing/authentication.ts'

const principal = rootOf({ account: '123456789012', region: 'us-east-1', accessKeyId: 'A' })
const authenticator = createAuthenticator({
  credentials: { find: () => ({ accessKeyId: 'A', secretAccessKey: 's', isActive: true, principal }) },
  region: 'us-east-1',
  resources: { bucketOf: () => undefined, isSubresource: () => true },
  isAnonymousJudged: false,
})
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

/** Parts of what is right, in any order and number, and what is never right. */
const text = fc
  .array(
    fc.constantFrom(
      ...[
        'AWS4-HMAC-SHA256',
        'AWS',
        ' ',
        ',',
        '=',
        '/',
        ';',
        ':',
        '%',
        '%zz',
        '+',
        '\\',
        '',
        'é',
        '\u0000',
        '-1',
      ],
      ...[
        'Credential=',
        'SignedHeaders=',
        'Signature=',
        'host',
        ':authority',
        'A',
        '20260102',
        's3',
        'aws4_request',
      ],
      ...[
        '20260102T030405Z',
        '20261302T030405Z',
        '99999999T999999Z',
        '9'.repeat(400),
        '0'.repeat(64),
        '_',
        'us-east-1',
      ],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))
const credential = fc.constantFrom('A/20260102/us-east-1/s3/aws4_request', 'A/b/c/d/e', '////')
const names = fc.constantFrom(
  ...[
    'authorization',
    'x-amz-date',
    'date',
    'x-amz-content-sha256',
    'x-amz-security-token',
    'x-amz-target',
    'host',
  ],
)
const members = fc.constantFrom(
  ...[
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
  ],
  ...[
    'X-Amz-Security-Token',
    'X-Amz-Content-Sha256',
    'AWSAccessKeyId',
    'Signature',
    'Expires',
    'acl',
    '%',
    '=',
  ],
)

test('whatever a signature says of itself, it is refused as an answer', async () => {
  const spoken = fc.constantFrom<Spoken>('json', 'query', 'rest', 'own')
  const value = fc.oneof(text, credential)
  await fc.assert(
    fc.asyncProperty(
      spoken,
      fc.dictionary(names, value),
      fc.array(fc.tuple(members, value), { maxLength: 9 }),
      text,
      async (how, headers, query, path) => {
        const rawQuery = query.map(([name, value]) => `${name}=${value}`).join('&')
        try {
          const { principal: found, checkBody } = await authenticator.authenticate(
            {
              ...{ method: 'GET', path: `/${path}`, rawQuery, query: new URLSearchParams(rawQuery) },
              headers: new Map(Object.entries(headers)),
              repeated: new Map(),
            },
            how,
            NOW,
          )
          checkBody(Buffer.from('body'))
          assert.equal(found.kind, 'anonymous')
          assert.equal(how, 'own')
        } catch (failure) {
          if (!isAnswer(failure)) throw failure
        }
      },
    ),
    { numRuns: 2_000 },
  )
})
