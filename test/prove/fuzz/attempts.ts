import type { Seeded } from '../seeded.ts'
import { faultOf, faultOfBytes } from './judge.ts'
import { rawSending } from './raw-http1.ts'
import { rawFrames, says500 } from './raw-http2.ts'
import type { FuzzRequest } from './requests.ts'
import { smallest } from './smallest.ts'
import { type Sending, talk } from './socket.ts'
import type { World } from './world.ts'

export interface Result {
  /** 0: no answer, where there need not be one. */
  readonly status: number
  readonly fault: string | undefined
  /** What an answer in JSON told. */
  readonly learned?: unknown
}

/** One input on its way. */
export interface Attempt {
  /** For the table. */
  readonly way: string
  make(): Promise<Result>
  /** The same with less, for whoever looks for the smallest. */
  readonly parts: Parts
  shown(): string
}

type Parts = { readonly request: FuzzRequest; readonly way: Way } | { readonly sending: Sending }
type Way = 'HTTP/1.1' | 'TLS' | 'HTTP/2'

export const faultIn = ({ fault }: Result): string | undefined => fault

interface Options {
  readonly random: Seeded
  readonly world: World
  readonly requests: () => FuzzRequest
}

const WAYS: readonly Way[] = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/2', 'TLS']

/** Whoever is behind a request says so, or lies: what the guard looks at. */
const VISITS: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
  { host: 'evil.example' },
  { host: 'archive.s3.localhost' },
  { host: '[::1]:99', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  { referer: 'http://[', 'x-forwarded-for': 'x', 'x-forwarded-proto': 'https' },
  { cookie: 'standpipe=x; __Host-standpipe=%%%; a' },
  { range: 'bytes=5-', 'if-none-match': '*', 'if-modified-since': 'x' },
]

/** What is tried next. */
export function createAttempts({ random, world, requests }: Options): () => Attempt {
  function whole(): Attempt {
    const made = requests()
    const odd =
      random.below(8) === 0 ? { ...made, headers: { ...made.headers, ...random.pick(VISITS) } } : made
    const request = random.below(4) > 0 ? world.signed(odd) : odd
    const way = random.pick(WAYS)
    return {
      way: way === 'HTTP/1.1' ? request.face : way,
      make: () => madeOf(world, request, way),
      parts: { request, way },
      shown: () => shownRequest(request, way),
    }
  }
  function raw(): Attempt {
    const made = requests()
    const request = random.below(2) === 0 ? world.signed(made) : made
    const isFrames = random.below(2) === 0
    const sending = isFrames ? rawFrames(request, random) : rawSending(request, random)
    return {
      way: isFrames ? 'frames of HTTP/2' : 'bytes of HTTP/1.1',
      make: () => sent(world, sending),
      parts: { sending },
      shown: () => shownSending(sending),
    }
  }
  return () => (random.below(2) === 0 ? whole() : raw())
}

async function madeOf(world: World, request: FuzzRequest, way: Way): Promise<Result> {
  try {
    const answer = await (way === 'HTTP/2' ? world.askHttp2(request) : world.ask(request, way === 'TLS'))
    const learned = /json/.test(answer.type) ? parsed(answer.body) : undefined
    return { status: answer.status, fault: faultOf(answer), learned }
  } catch (error) {
    // A client that cannot even send it, or a session that an odd request before has ended.
    const { code = '', message } = error as NodeJS.ErrnoException
    const isOfClient = /^ERR_(INVALID|HTTP2|UNESCAPED|HTTP_INVALID)/.test(code)
    return { status: 0, fault: isOfClient ? undefined : `no answer (${code} ${message})` }
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

async function sent(world: World, sending: Sending): Promise<Result> {
  const { bytes, isOver } = await talk(world.port, sending)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes.toString('latin1'))?.[1] ?? 0)
  const isHttp1 = bytes.subarray(0, 5).toString('latin1') === 'HTTP/'
  const fault = isOver
    ? isHttp1
      ? faultOfBytes(bytes)
      : says500(bytes)
        ? 'an error of our own'
        : undefined
    : 'a connection whose client has said all is not ended'
  return { status, fault }
}

/** As little of an attempt as still breaks something, in words. */
export async function shrunk(world: World, { parts }: Attempt): Promise<string> {
  const isBroken = async (make: () => Promise<Result>) => {
    const { fault } = await make()
    return world.said.splice(0).length > 0 || fault !== undefined
  }
  if ('sending' in parts) {
    const { sending } = parts
    const bytes = Buffer.concat(sending.pieces)
    const of = (items: readonly number[]): Sending => ({ ...sending, pieces: [Buffer.from(items)] })
    const least = await smallest([...bytes], (items) => isBroken(() => sent(world, of(items))))
    return shownSending(least.length < bytes.length ? of(least) : sending)
  }
  const { request, way } = parts
  const headers = await smallest(Object.entries(request.headers), (items) =>
    isBroken(() => madeOf(world, { ...request, headers: Object.fromEntries(items) }, way)),
  )
  const fewer = { ...request, headers: Object.fromEntries(headers) }
  const body = await smallest([...request.body], (items) =>
    isBroken(() => madeOf(world, { ...fewer, body: Buffer.from(items) }, way)),
  )
  return shownRequest({ ...fewer, body: Buffer.from(body) }, way)
}

function shownRequest({ face, name, method, path, headers, body }: FuzzRequest, way: Way): string {
  const isText = !/[^\x20-\x7e]/.test(body.toString('latin1'))
  const shown = isText ? body.toString().slice(0, 600) : `base64 ${body.toString('base64').slice(0, 600)}`
  return `${way} ${face} ${name}: ${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)} ${shown}`
}

const shownSending = ({ pieces, ending, isEncrypted }: Sending): string =>
  `${isEncrypted ? 'TLS, ' : ''}${pieces.length} pieces, then ${ending}: base64 ${Buffer.concat(pieces).toString('base64').slice(0, 1_500)}`
