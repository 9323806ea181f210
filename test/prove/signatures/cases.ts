import fc from 'fast-check'
import type { Spoken } from '../../../src/service/signing/authentication.ts'

/** A request that a client wants to sign; texts are Unicode. */
export interface Wanted {
  readonly spoken: Spoken
  readonly service: string
  readonly isLink: boolean
  readonly method: string
  /** Encoded, as clients encode; with a query where there is one. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isTemporary: boolean
  readonly host: string
}

const character = fc.constantFrom(
  ...[
    'a',
    'Z',
    '0',
    '-',
    '_',
    '.',
    '~',
    ' ',
    '=',
    '&',
    '%',
    '!',
    "'",
    '(',
    ')',
    '*',
    ';',
    ':',
    '@',
    '$',
    ',',
  ],
  ...['ü', '水', '🪣', '"', '<', '\\', '^', '`', '|', '{', '}', '#', '?', '+', '[', ']', 'à'],
)
const text = fc.array(character, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))

/** Clients leave more unencoded than the signature does. */
const encoded = (given: string, unencoded: string) =>
  [...given].map((one) => (unencoded.includes(one) ? one : encodeURIComponent(one))).join('')

const segment = (unencoded: string) =>
  text.map((given) => encoded(given === '.' || given === '..' ? `${given}x` : given, unencoded))
const pathOf = (unencoded: string) =>
  fc
    .array(
      fc.oneof({ arbitrary: segment(unencoded), weight: 6 }, { arbitrary: fc.constant(''), weight: 1 }),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((segments) => `/bucket/${segments.join('/')}`)

const query = fc
  .uniqueArray(fc.record({ name: text, value: fc.oneof(text, fc.constant('')), isBare: fc.boolean() }), {
    maxLength: 4,
    selector: ({ name }) => name,
  })
  .map((members) =>
    members
      .map(({ name, value, isBare }) =>
        isBare && value === '' ? encoded(name, '') : `${encoded(name, '')}=${encoded(value, "~!*()'")}`,
      )
      .join('&'),
  )

const headerValue = fc
  .array(fc.oneof(text, fc.constantFrom(' ', '  ', '\t', ' \t ')), { minLength: 1, maxLength: 4 })
  .map((parts) => `v${parts.join('')}v`)
const headers = fc.dictionary(fc.stringMatching(/^x-amz-meta-[a-z][a-z0-9-]{0,8}$/), headerValue, {
  maxKeys: 3,
})

const shared = {
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  headers,
  body: fc.string({ unit: 'grapheme', maxLength: 40 }),
  isTemporary: fc.boolean(),
  host: fc.constantFrom('127.0.0.1:4566', 'localhost', 'bucket.s3.localhost:4566', '[::1]:4566'),
}

const toS3 = fc
  .record({ ...shared, isLink: fc.boolean(), path: pathOf("=!*'();:@$,"), query })
  .map(({ path, query, ...rest }) => ({
    ...rest,
    spoken: 'rest' as const,
    service: 's3',
    path: query === '' ? path : `${path}?${query}`,
  }))

const toJson = fc.record({ ...shared, service: fc.constantFrom('kinesis', 'firehose') }).map((rest) => ({
  ...rest,
  spoken: 'json' as const,
  isLink: false,
  method: 'POST',
  path: '/',
  headers: { ...rest.headers, 'x-amz-target': 'Some_20131202.Operation' },
}))

const toQuery = fc
  .record({ ...shared, service: fc.constantFrom('sts', 'iam'), isLink: fc.boolean(), query })
  .map(({ query, ...rest }) => ({
    ...rest,
    spoken: 'query' as const,
    path: query === '' ? '/' : `/?${query}`,
    // What a link is to is told by its query alone.
    ...(rest.isLink && { method: 'GET', body: '' }),
  }))

const toOwn = fc
  .record({ ...shared, path: pathOf('').filter((path) => !path.includes('//')), query })
  .map(({ path, query, ...rest }) => ({
    ...rest,
    spoken: 'own' as const,
    service: 'standpipe',
    isLink: false,
    path: `/_standpipe/api${path}${query === '' ? '' : `?${query}`}`,
  }))

/** Requests in every form that the independent signer knows. */
export const wanted: fc.Arbitrary<Wanted> = fc.oneof(toS3, toJson, toQuery, toOwn)
