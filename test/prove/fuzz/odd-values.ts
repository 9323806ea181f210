import { createHash } from 'node:crypto'
import type { Seeded } from '../seeded.ts'

/** A value as JSON writes it, though JSON.stringify would not. */
export class RawText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const NUMBERS: readonly unknown[] = [
  ...[0, -1, 1.5, -0, 2 ** 31, 2 ** 53 + 2, -(2 ** 63), 1e300, -1e300, 8.64e15 + 1],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[2n ** 63n, 2n ** 64n - 1n, -(2n ** 64n), 2n ** 500n],
  ...['1e400', '-1e400', '123456789012345678901234567890', '0.1e-400'].map((text) => new RawText(text)),
]

const TEXTS: readonly string[] = [
  ...['', ' ', '.', '..', '../', '../../etc/passwd', '/', '//', '\\', 'a/b', 'null', 'undefined', 'NaN'],
  ...['\0', 'a\0b', '\n', '\r\nX-Evil: 1', '\u2028', '\ud800', 'a\udc00', '\u{1f600}', '\u{10ffff}', 'İ'],
  ...['__proto__', 'constructor', 'toString', '%', '%zz', '%c0%80', '%2e%2e%2f', '+', '*', '"', '"x"', '<a>'],
  ...[
    '0',
    '-1',
    '1',
    '9'.repeat(40),
    '9'.repeat(200),
    '1e5',
    '0x10',
    '2026-01-01T00:00:00Z',
    'ÿ',
    'a:b',
    '::',
  ],
  ...['arn:aws:kinesis:us-east-1:000000000000:stream/clicks', 'arn:aws:kinesis:a/b:000000000000:stream/x'],
  ...[
    `arn:aws:kinesis:${'r'.repeat(300)}:000000000000:stream/x`,
    'arn:aws:s3:::',
    'arn:',
    'arn:aws:s3:::archive',
  ],
  `arn:aws:kinesis:us-east-1:000000000000:stream/${'n'.repeat(1_900)}`,
  ...[
    'shardId-000000000000',
    'shardId-',
    'shardId-99999999999999999999',
    '-',
    'x'.repeat(255),
    'x'.repeat(3_000),
  ],
]

/** With the digest that tells ours. */
function iterator(text: string): string {
  const padded = text.padEnd(Math.max(128, Math.ceil(text.length / 16) * 16), ' ')
  const digest = createHash('md5').update(padded).digest()
  return Buffer.concat([Buffer.from('0000000000000001', 'hex'), digest, Buffer.from(padded)]).toString(
    'base64',
  )
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value) ?? 'undefined').toString('base64')

/** Texts that somebody who knows the source would send for a token. `now`: ms since 1970 of the server's clock. */
export function forgedTokens(now: number): readonly string[] {
  const lists = ['shards', 'streams', 'consumers', 'channels']
  const states: readonly unknown[] = [
    ...[null, '', 0, [], {}, 'x', ['a'], { ref: null }, { ref: { account: 1 } }, { ref: {}, filter: 7 }],
    { ref: { account: '000000000000', region: 'us-east-1', streamName: 'clicks' }, filter: { Type: 'X' } },
    { ref: { account: '../', region: '/', streamName: '..' }, createdAt: 'x', after: 'x' },
    { StreamARN: 'x', after: 5 },
  ]
  const said = [0, now, now + 1e12, -1, null, 'x'].flatMap((at) =>
    states.map((state) => [at, state] as const),
  )
  return [
    ...lists.flatMap((list) =>
      said.flatMap(([at, state]) => [base64([list, at, state]), base64({ list, at, state })]),
    ),
    ...[null, 7, 'x', [], {}, [[]], { __proto__: 1 }].map(base64),
    ...[
      '====',
      'a',
      '!!!!',
      'AAAA',
      Buffer.alloc(88).toString('base64'),
      Buffer.alloc(168).toString('base64'),
    ],
    ...['0.0', '0.zz', '-1.5', '7.1f3k,8.0', ',', '.', '1.', '99999999999.zzzzzzzzzzzzzzz', '0.-5', '1e3.1'],
    Buffer.from('\ud800').toString('base64url'),
    ...['NaN', '-1', '9'.repeat(20), '', '0x10', '1e3', '../'].flatMap((odd) => [
      iterator(`${now}/000000000000/us-east-1/clicks/x/shardId-000000000000/${odd}`),
      iterator(`${odd}/000000000000/us-east-1/clicks/x/shardId-000000000000/5`),
      iterator(`${now}/${odd}/us-east-1/clicks/x/${odd}/5`),
    ]),
  ]
}

/** Something that no reader of a member expects. */
export function oddValue(random: Seeded, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 3 : 8)
  if (kind < 2) return oddText(random)
  if (kind === 2) return random.pick(NUMBERS)
  if (kind === 3) return random.pick([null, true, false, Buffer.from('bytes')])
  if (kind === 4) return Array.from({ length: random.below(4) }, () => oddValue(random, depth + 1))
  if (kind === 5) return random.pick([deep(5), deep(70), deep(600), BOTTOMLESS])
  if (kind === 6 && random.below(40) === 0) return 'g'.repeat(1_500_000)
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [oddText(random), oddValue(random, depth + 1)]),
  )
}

export const oddText = (random: Seeded): string => random.pick(TEXTS)
export const oddNumber = (random: Seeded): unknown => random.pick(NUMBERS)

/** Lists in lists; CBOR has as many. */
export const BOTTOMLESS_LEVELS = 100_000
export const BOTTOMLESS = new RawText('['.repeat(BOTTOMLESS_LEVELS) + ']'.repeat(BOTTOMLESS_LEVELS))

function deep(levels: number): unknown {
  let value: unknown = []
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value }
  return value
}
