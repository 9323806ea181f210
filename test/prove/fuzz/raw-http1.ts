import type { Seeded } from '../seeded.ts'
import { damaged } from './bodies.ts'
import { oddText } from './odd-values.ts'
import type { FuzzRequest } from './requests.ts'
import { PATIENCE_MS, type Sending } from './socket.ts'

/** A request in lines, for whoever breaks it. */
interface Lines {
  start: string
  headers: [name: string, value: string][]
  body: Buffer
}

const pathOf = (path: string): string =>
  encodeURI(path.toWellFormed()).replaceAll('%25', '%').slice(0, 12_000)

export const linesOf = ({ method, path, headers, body }: FuzzRequest): Lines => ({
  start: `${method} ${pathOf(path)} HTTP/1.1`,
  headers: [
    ...(headers.host === undefined ? [['host', 'localhost'] as [string, string]] : []),
    ...Object.entries(headers),
    ['content-length', String(body.length)],
  ],
  body,
})

export const bytesOf = ({ start, headers, body }: Lines): Buffer =>
  Buffer.concat([
    Buffer.from(
      `${start}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
      'latin1',
    ),
    body,
  ])

type Break = (lines: Lines, random: Seeded) => Buffer

const withLength = (lines: Lines, ...lengths: string[]): Buffer =>
  bytesOf({
    ...lines,
    headers: [
      ...lines.headers.filter(([name]) => name !== 'content-length'),
      ...lengths.map((length): [string, string] => ['content-length', length]),
    ],
  })

const withHeaders = (lines: Lines, ...more: [string, string][]): Buffer =>
  bytesOf({ ...lines, headers: [...lines.headers, ...more] })

/** In chunks, each with what a client may write behind its size. */
function chunked(lines: Lines, random: Seeded): Buffer {
  const size = 1 + random.below(40)
  const chunks: Buffer[] = []
  for (let at = 0; at < lines.body.length && chunks.length < 400; at += size) {
    const piece = lines.body.subarray(at, at + size)
    const extension = random.pick([
      '',
      '',
      ';a=b',
      `;${'x'.repeat(200)}`,
      ';chunk-signature=00',
      ' ',
      ';"\\"',
    ])
    const said =
      random.below(25) === 0
        ? random.pick(['zz', '-1', 'ffffffffffffffff', '0x5', ''])
        : piece.length.toString(16)
    chunks.push(Buffer.from(`${said}${extension}\r\n`), piece, Buffer.from('\r\n'))
  }
  const trailer = random.pick([
    '',
    '',
    'x-amz-checksum-crc32: AAAAAA==\r\n',
    'content-length: 5\r\n',
    'a\r\n',
  ])
  const headers = lines.headers.filter(([name]) => name !== 'content-length')
  const coding = random.pick([
    'chunked',
    'chunked',
    'gzip, chunked',
    'chunked, chunked',
    'Chunked',
    'identity',
    'xchunked',
  ])
  return bytesOf({
    ...lines,
    headers: [...headers, ['transfer-encoding', coding]],
    body: Buffer.concat([...chunks, Buffer.from(random.below(8) === 0 ? '' : `0\r\n${trailer}\r\n`)]),
  })
}

const LENGTHS = [
  '-1',
  '0',
  '1',
  '99999999999999999999',
  '5 ',
  '+5',
  '0x5',
  '5,5',
  'abc',
  '',
  '1e3',
  '10485760',
]
const STARTS = [
  'GET / HTTP/1.0',
  'GET / HTTP/0.9',
  'GET / HTTP/1.2',
  'GET / HTTP/2.0',
  'GET /',
  'GET  / HTTP/1.1',
  ' GET / HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'CONNECT localhost:80 HTTP/1.1',
  'TRACE / HTTP/1.1',
  'PROPFIND /archive HTTP/1.1',
  'get / HTTP/1.1',
  'GET http://localhost/archive/object HTTP/1.1',
  'GET http://[::1 HTTP/1.1',
  'GET //archive//object HTTP/1.1',
  'GET /%00 HTTP/1.1',
  'GET /archive/%ff%fe HTTP/1.1',
  'GET ?x HTTP/1.1',
  'GET /archive/../../x HTTP/1.1',
  'PRI * HTTP/1.1',
  'PRI * HTTP/2.0',
  'HEAD /_standpipe/ HTTP/1.1',
  'GET /\xff\xfe HTTP/1.1',
  'M-SEARCH * HTTP/1.1',
  'QUERY / HTTP/1.1',
]
const DOUBLED = [
  'host',
  'authorization',
  'content-type',
  'x-amz-target',
  'x-amz-date',
  'x-amz-content-sha256',
  'range',
  'expect',
]
const ODD_HEADERS: readonly [string, string][] = [
  ['expect', '100-continue'],
  ['expect', '200-ok'],
  ['connection', 'upgrade'],
  ['upgrade', 'h2c'],
  ['upgrade', 'websocket'],
  ['connection', 'close, host'],
  ['host', 'archive.s3.localhost'],
  ['host', 'evil.example'],
  ['host', ''],
  ['host', '[::1'],
  ['range', 'bytes=0-0,5-9'],
  ['if-match', '"'],
  ['x-forwarded-for', '127.0.0.1, x'],
  ['origin', 'https://evil.example'],
  ['sec-fetch-site', 'cross-site'],
  ['content-encoding', 'aws-chunked'],
  ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
  ['x-amz-decoded-content-length', '5'],
  ['x-amz-trailer', 'x-amz-checksum-crc32'],
  ['content-md5', 'a'],
  ['cookie', '__Host-a=b; standpipe=x'],
  ['accept-encoding', 'gzip;q=0'],
  ['te', 'trailers'],
  ['http2-settings', 'AAMAAABkAAQAAP__'],
  ['x-amz-checksum-crc32', 'AAAAAA=='],
  ['x-amz-copy-source', '/archive/object'],
  ['x-amz-security-token', 'x'],
  ['x-http-method-override', 'DELETE'],
]

const BREAKS: readonly Break[] = [
  (lines) => bytesOf(lines),
  (lines, random) => Buffer.concat(Array.from({ length: 2 + random.below(4) }, () => bytesOf(lines))),
  (lines, random) => damaged(bytesOf(lines), random),
  (lines, random) => {
    const bytes = Buffer.from(bytesOf(lines))
    for (let count = 1 + random.below(6); count > 0; count--)
      bytes[random.below(Math.min(400, bytes.length))] = random.below(256)
    return bytes
  },
  (lines, random) =>
    withLength(
      lines,
      random.pick([...LENGTHS, String(lines.body.length + 1), String(Math.max(0, lines.body.length - 1))]),
    ),
  (lines, random) => withLength(lines, String(lines.body.length), random.pick(LENGTHS)),
  (lines) => withLength(lines),
  chunked,
  chunked,
  (lines, random) =>
    withHeaders({ ...lines, body: Buffer.from('0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n') }, [
      'transfer-encoding',
      random.pick(['chunked', ' chunked', 'chunked\t']),
    ]),
  (lines, random) =>
    withHeaders(lines, [random.pick(DOUBLED), oddLine(random)], [random.pick(DOUBLED), oddLine(random)]),
  (lines, random) =>
    withHeaders(lines, ...Array.from({ length: 1 + random.below(3) }, () => random.pick(ODD_HEADERS))),
  (lines, random) =>
    withHeaders(lines, [
      `x-amz-meta-${'n'.repeat(random.pick([1, 2_000, 9_000]))}`,
      'v'.repeat(random.pick([10, 9_000, 20_000, 200_000])),
    ]),
  (lines, random) =>
    withHeaders(
      lines,
      ...Array.from({ length: random.pick([50, 1_500, 4_000]) }, (_, at): [string, string] => [
        `x-${at}`,
        'v',
      ]),
    ),
  (lines, random) =>
    withHeaders(lines, [
      'x-a',
      `b${random.pick(['\r', '\n', '\0', '\r\n folded', '\r\nX-Evil: 1', '\x7f', '\t'])}c`,
    ]),
  (lines, random) =>
    withHeaders(lines, [
      random.pick(['', ' ', 'a b', 'a:', 'a\0b', '__proto__', 'constructor', ':path', 'é']),
      'v',
    ]),
  (lines, random) => bytesOf({ ...lines, start: random.pick(STARTS) }),
  (lines, random) =>
    bytesOf({
      ...lines,
      start: lines.start.replace(/^\S+/, () =>
        random.pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']),
      ),
    }),
  (_, random) => Buffer.from(Array.from({ length: 1 + random.below(300) }, () => random.below(256))),
  (_, random) =>
    Buffer.concat([
      Buffer.from([0x16, 3, 1]),
      Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))),
    ]),
]

const oddLine = (random: Seeded): string =>
  oddText(random)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 500)

/** A request that is broken in one way or another, in pieces of any size. */
export function rawSending(request: FuzzRequest, random: Seeded): Sending {
  const lines = linesOf(request)
  const whole = random.pick(BREAKS)(lines, random)
  const bytes = random.below(12) === 0 ? whole.subarray(0, random.below(whole.length + 1)) : whole
  return {
    pieces: inPieces(bytes, random),
    ending: random.below(15) === 0 ? 'reset' : 'end',
    isEncrypted: random.below(10) === 0,
    patienceMs: PATIENCE_MS,
  }
}

function inPieces(bytes: Buffer, random: Seeded): Buffer[] {
  if (random.below(3) > 0) return [bytes]
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = pieces.length > 20 ? bytes.length : 1 + random.below(Math.max(2, bytes.length >> 1))
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}
