import type { Framing, RestAddress } from '../../service/dialect.ts'
import type { Operation, WholeBody } from '../../service/operation.ts'
import { type Shape, type StreamBody, structure } from '../../service/shape.ts'
import { decodeXml, parseScalar } from '../codec/xml-decode.ts'
import {
  invalidArgument,
  messageTooLarge,
  missingContentLength,
  missingRequestBody,
  notAnInteger,
} from '../exceptions.ts'
import type { Exchange } from '../exchange.ts'
import type { RestService } from './match.ts'

export type RestInputReader = (exchange: Exchange, address: RestAddress) => Promise<Record<string, unknown>>

/** Where a request carries parts of the input, but for its body. */
interface Places {
  readonly labels: RestAddress['labels']
  readonly query: URLSearchParams
  /** As they would be without framing. */
  readonly headers: ReadonlyMap<string, string>
}
type Read = (places: Places) => unknown

/** Reads an operation's input from every place where a request carries a part of it, the body last. */
export function createInputReader(
  { checkBody, dialect }: RestService,
  operation: Operation<never>,
): RestInputReader {
  const members = Object.entries(operation.input.members)
  const parts = members.flatMap(([name, shape]) => {
    const read = readOf(shape, dialect.decodeWords)
    return read ? [{ name, read }] : []
  })
  const payload = members.find(([, shape]) => shape.location?.in === 'payload')
  const elements = structure(Object.fromEntries(members.filter(([, shape]) => !shape.location)))
  const hasElements = Object.keys(elements.members).length > 0

  return async (exchange, { labels }) => {
    const framing = dialect.framingOf(exchange.headers, exchange.authenticated?.chunks)
    const headers = exchange.form?.fields ?? framing?.headers ?? exchange.headers
    const places: Places = { labels, query: exchange.query, headers }
    const input: Record<string, unknown> = {}
    for (const { name, read } of parts) {
      const value = read(places)
      if (value !== undefined) input[name] = value
    }
    const parsed = async (shape: Shape, root?: string) => {
      const { bytes, trailers } = await wholeBodyOf(exchange, framing)
      await checkBody?.(operation, { bytes, headers, trailers })
      return parseBody(shape, bytes, root)
    }
    if (hasElements) Object.assign(input, await parsed(elements))
    if (!payload) return input
    const [name, shape] = payload
    const body =
      shape.kind === 'stream' ? streamOf(exchange, framing) : await parsed(shape, shape.xmlName ?? name)
    if (body !== undefined) input[name] = body
    return input
  }
}

function parseBody(shape: Shape, bytes: Uint8Array, root?: string): unknown {
  if (shape.kind === 'blob') return bytes
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  if (shape.kind !== 'structure') return text
  if (text !== '') return decodeXml(shape, text, root)
  if (shape.required) throw missingRequestBody()
  return undefined
}

/** Of a body that is held whole: 10,000 parts or 1,000 keys, with room. */
const LIMIT_BYTES = 8 * 1024 * 1024

/** The body and what followed it. Throws MaxMessageLengthExceeded. */
async function wholeBodyOf(
  exchange: Exchange,
  framing: Framing | undefined,
): Promise<Pick<WholeBody, 'bytes' | 'trailers'>> {
  const framed = framing && streamOf(exchange, framing)
  const bytes = framed ? await collect(framed) : await exchange.body.whole(LIMIT_BYTES)
  if (!bytes) throw messageTooLarge(LIMIT_BYTES)
  return { bytes, trailers: framed?.trailers ?? new Map() }
}

/** The body as it comes, without framing. Throws MissingContentLength. */
function streamOf({ headers, body, form }: Exchange, framing: Framing | undefined): StreamBody {
  if (form) return form.file
  if (![headers, framing?.headers ?? headers].some(hasLength)) throw missingContentLength()
  return framing ? framing.decode(body.pieces()) : body.pieces()
}

/**
 * Whether it is told how long the body is; that it comes in HTTP's chunks tells only where it ends. HTTP/2, all of whose
 * requests have a `:method`, need not tell it.
 */
export const hasLength = (headers: Exchange['headers']) =>
  ['content-length', ':method'].some((name) => headers.has(name))

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of pieces) {
    chunks.push(piece)
    sizeBytes += piece.length
    if (sizeBytes > LIMIT_BYTES) return undefined
  }
  return Buffer.concat(chunks)
}

/** undefined for what the body carries. */
function readOf(shape: Shape, decodeWords: (text: string) => string): Read | undefined {
  const { name = '', in: place } = shape.location ?? {}
  const header = name.toLowerCase()
  switch (place) {
    case 'uri':
      return ({ labels }) => labels[name]
    case 'query':
      return ({ query }) => parseQuery(shape, name, query)
    case 'header':
      return ({ headers }) => parse(shape, name, headers.get(header))
    case 'headerPrefix':
      return ({ headers }) => prefixed(header, headers, decodeWords)
    default:
      return undefined
  }
}

function parseQuery(shape: Shape, name: string, query: URLSearchParams): unknown {
  if (shape.kind === 'integer') return parse(shape, name, query.get(name) || undefined)
  if (shape.kind !== 'list') return parse(shape, name, query.get(name) ?? undefined)
  const texts = query.getAll(name)
  return texts.length === 0 ? undefined : texts.map((text) => parse(shape.member, name, text))
}

function parse(shape: Shape, name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  // Only a form has room for a document.
  if (shape.kind === 'structure') return decodeXml(shape, text, shape.xmlName)
  if (shape.kind === 'list') return text.split(',').map((item) => parse(shape.member, name, item.trim()))
  const value = parseScalar(shape, text)
  if (value === undefined)
    throw shape.kind === 'integer' ? notAnInteger(name, text) : invalidArgument(name, text)
  return value
}

function prefixed(
  prefix: string,
  headers: ReadonlyMap<string, string>,
  decodeWords: (text: string) => string,
): Record<string, string> | undefined {
  let found: [name: string, value: string][] | undefined
  for (const [name, text] of headers) {
    if (!name.startsWith(prefix)) continue
    found ??= []
    found.push([name.slice(prefix.length), decodeWords(text)])
  }
  return found && Object.fromEntries(found)
}
