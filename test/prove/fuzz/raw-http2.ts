import type { Seeded } from '../seeded.ts'
import type { FuzzRequest } from './requests.ts'
import { type Sending, STALLED_MS } from './socket.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const [
  DATA,
  HEADERS,
  PRIORITY,
  RST_STREAM,
  SETTINGS,
  PUSH_PROMISE,
  PING,
  GOAWAY,
  WINDOW_UPDATE,
  CONTINUATION,
] = Array.from({ length: 10 }, (_, type) => type) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
]
const END_STREAM = 1
const END_HEADERS = 4
const PADDED = 8
const WITH_PRIORITY = 32

/** https://www.rfc-editor.org/rfc/rfc9113#section-4.1 */
function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(length & 0xffffff, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream >>> 0, 5)
  return Buffer.concat([head, payload])
}

/** A length of HPACK's with a prefix of seven bits. */
function lengthOf(text: Buffer): Buffer {
  if (text.length < 127) return Buffer.from([text.length])
  const bytes = [127]
  let rest = text.length - 127
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

/** Literals that are not indexed: https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2 */
const literals = (headers: readonly (readonly [string, string])[]): Buffer =>
  Buffer.concat(
    headers.flatMap(([name, value]) => {
      const [one, other] = [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')]
      return [Buffer.from([0]), lengthOf(one), one, lengthOf(other), other]
    }),
  )

const word = (number: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number >>> 0)
  return bytes
}
const setting = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.from([id >> 8, id & 255]), word(value)])

type Part = (stream: number, random: Seeded) => Buffer

const headersOf = ({ method, path, headers }: FuzzRequest): (readonly [string, string])[] => [
  [':method', method],
  [':scheme', 'http'],
  [':authority', 'localhost'],
  [':path', encodeURI(path.toWellFormed()).replaceAll('%25', '%').slice(0, 8_000)],
  ...Object.entries(headers).filter(([name]) => name !== 'host'),
]

/** A whole request, its body in frames. */
function whole(request: FuzzRequest, stream: number, isOpen = false): Buffer {
  const block = literals([...headersOf(request), ['content-length', String(request.body.length)]])
  const head = frame(
    HEADERS,
    END_HEADERS | (request.body.length === 0 ? END_STREAM : 0),
    stream,
    block.subarray(0, 16_000),
  )
  const frames = [head]
  for (let at = 0; at < request.body.length && frames.length < 4; at += 16_000) {
    const isLast = at + 16_000 >= request.body.length
    frames.push(
      frame(DATA, isLast && !isOpen ? END_STREAM : 0, stream, request.body.subarray(at, at + 16_000)),
    )
  }
  return Buffer.concat(frames)
}

const times = (count: number, make: (at: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, at) => make(at)))

const parts = (request: FuzzRequest): readonly Part[] => [
  (stream) => whole(request, stream),
  (stream) => whole(request, stream),
  (stream, random) => times(random.pick([2, 20]), (at) => whole(request, stream + 2 * at)),
  // Rapid reset: asked, and taken back at once.
  (stream, random) =>
    times(random.pick([3, 30, 400]), (at) =>
      Buffer.concat([whole(request, stream + 2 * at, true), frame(RST_STREAM, 0, stream + 2 * at, word(8))]),
    ),
  (stream, random) => frame(RST_STREAM, 0, stream, word(random.below(20))),
  // A header block without an end.
  (stream, random) =>
    Buffer.concat([
      frame(HEADERS, 0, stream, literals(headersOf(request)).subarray(0, 16_000)),
      times(random.pick([1, 50, 1_000]), () =>
        frame(CONTINUATION, 0, stream, literals([['x', 'y'.repeat(60)]])),
      ),
      frame(CONTINUATION, END_HEADERS, stream),
    ]),
  (stream) => frame(CONTINUATION, END_HEADERS, stream, literals(headersOf(request)).subarray(0, 16_000)),
  (_, random) =>
    times(random.pick([1, 10, 3_000]), () =>
      frame(
        SETTINGS,
        0,
        0,
        setting(
          random.pick([1, 2, 3, 4, 5, 6, 8, 99]),
          random.pick([0, 1, 100, 16_384, 2 ** 24, 2 ** 31 - 1, 2 ** 32 - 1]),
        ),
      ),
    ),
  (_, random) =>
    frame(SETTINGS, random.pick([0, 1]), random.pick([0, 1]), Buffer.alloc(random.pick([0, 5, 6, 7]))),
  (_, random) => times(random.pick([1, 5_000]), () => frame(PING, 0, 0, Buffer.alloc(8))),
  (_, random) =>
    frame(PING, random.pick([0, 1]), random.pick([0, 1]), Buffer.alloc(random.pick([0, 7, 8, 9]))),
  (stream, random) =>
    times(random.pick([1, 500]), (at) =>
      frame(
        PRIORITY,
        0,
        stream + at,
        Buffer.concat([
          word(random.pick([stream, stream + at, 0, stream + 1])),
          Buffer.from([random.below(256)]),
        ]),
      ),
    ),
  (stream) =>
    frame(
      HEADERS,
      END_HEADERS | END_STREAM | WITH_PRIORITY,
      stream,
      Buffer.concat([word(stream), Buffer.from([1]), literals(headersOf(request)).subarray(0, 15_000)]),
    ),
  (stream, random) =>
    frame(WINDOW_UPDATE, 0, random.pick([0, stream]), word(random.pick([0, 1, 2 ** 31 - 1]))),
  (stream) => Buffer.concat([frame(SETTINGS, 0, 0, setting(4, 0)), whole(request, stream)]),
  (_, random) =>
    frame(GOAWAY, 0, 0, Buffer.concat([word(random.pick([0, 1, 2 ** 31 - 1])), word(random.below(14))])),
  (stream) =>
    frame(PUSH_PROMISE, END_HEADERS, stream, Buffer.concat([word(2), literals([[':method', 'GET']])])),
  (stream, random) =>
    frame(
      DATA,
      random.pick([0, END_STREAM, PADDED]),
      random.pick([0, stream, stream + 100]),
      Buffer.from([255, 1, 2]),
    ),
  (stream, random) => frame(random.pick([10, 13, 200]), 255, stream, Buffer.alloc(20)),
  (stream, random) =>
    frame(
      random.below(10),
      random.below(256),
      random.pick([0, stream]),
      Buffer.from(Array.from({ length: random.below(60) }, () => random.below(256))),
    ),
  (stream, random) =>
    frame(HEADERS, END_HEADERS, stream, Buffer.alloc(4), random.pick([0, 1, 16_385, 2 ** 24 - 1])),
  (stream, random) =>
    frame(
      HEADERS,
      END_HEADERS | END_STREAM,
      stream,
      literals([
        ...headersOf(request),
        random.pick([
          ['Upper', 'x'],
          ['connection', 'close'],
          ['transfer-encoding', 'chunked'],
          [':late', 'x'],
          [':path', '/other'],
          ['te', 'gzip'],
          ['', 'x'],
          ['a', 'b\r\nc'],
          ['host', 'other.example'],
          ['content-length', 'x'],
          ['x', 'y'.repeat(9_000)],
        ] as const),
      ]).subarray(0, 16_000),
    ),
  (stream, random) =>
    frame(
      HEADERS,
      END_HEADERS | END_STREAM,
      stream,
      literals(
        headersOf(request).filter(
          ([name]) => name !== random.pick([':method', ':path', ':scheme', ':authority']),
        ),
      ).subarray(0, 16_000),
    ),
  // Indices of a table that holds nothing.
  (stream) =>
    frame(HEADERS, END_HEADERS | END_STREAM, stream, Buffer.from([0x80, 0xff, 0xff, 0xff, 0xff, 0x7f])),
  (stream) =>
    frame(
      HEADERS,
      END_HEADERS,
      stream,
      literals([...headersOf(request), ['expect', '100-continue']]).subarray(0, 16_000),
    ),
]

/** Frames of HTTP/2 in an order that no client has. */
export function rawFrames(request: FuzzRequest, random: Seeded): Sending {
  const all = parts(request)
  const chosen = Array.from({ length: 1 + random.below(6) }, (_, at) =>
    random.pick(all)(1 + 2_000 * at, random),
  )
  const greeting = random.below(20) === 0 ? PREFACE : Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)])
  const bytes = Buffer.concat(chosen)
  if (random.below(10) === 0) bytes[random.below(bytes.length)] = random.below(256)
  return {
    pieces: random.below(2) === 0 ? [greeting, ...chosen] : [Buffer.concat([greeting, bytes])],
    ending: random.below(15) === 0 ? 'reset' : 'end',
    isEncrypted: random.below(12) === 0,
    patienceMs: STALLED_MS,
  }
}

/** Whether a header block says `:status 500`, as HPACK's static table has it at its beginning. */
export function says500(heard: Buffer): boolean {
  for (let at = 0; at + 9 < heard.length; ) {
    const length = heard.readUIntBE(at, 3)
    if (heard[at + 3] === HEADERS && heard[at + 9] === 0x8e) return true
    at += 9 + length
  }
  return false
}
