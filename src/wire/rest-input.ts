import type { Operation, Service } from '../service/operation.ts'
import { type MapShape, type Shape, type StreamBody, structure } from '../service/shape.ts'
import { decodeAwsChunked, isAwsChunked } from './aws-chunked.ts'
import { invalidArgument, messageTooLarge } from './exceptions.ts'
import type { Exchange } from './exchange.ts'
import type { RestAddress } from './rest-address.ts'
import { decodeXml, parseScalar } from './xml-decode.ts'

/** Of a body that is held whole: 10,000 parts or 1,000 keys, with room. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024

/** An operation's input from every place where a request carries a part of it. */
export async function readInput(
  { checkBody }: Pick<Service, 'checkBody'>,
  operation: Operation<never>,
  exchange: Exchange,
  { labels }: RestAddress,
): Promise<Record<string, unknown>> {
  const { query, body } = exchange
  const headers = isAwsChunked(exchange.headers) ? withoutFraming(exchange.headers) : exchange.headers
  const input: Record<string, unknown> = {}
  const elements: Record<string, Shape> = {}
  for (const [name, shape] of Object.entries(operation.input.members)) {
    if (!shape.location) elements[name] = shape
    const value = await read(shape)
    if (value !== undefined) input[name] = value
  }
  if (Object.keys(elements).length > 0) Object.assign(input, await payload(structure(elements)))
  return input

  async function read(shape: Shape): Promise<unknown> {
    const { location } = shape
    switch (location?.in) {
      case 'uri':
        return labels[location.name]
      case 'query':
        return parseQuery(shape, location.name, query)
      case 'header':
        return parse(shape, location.name, headers.get(location.name.toLowerCase()))
      case 'headerPrefix':
        return prefixed(shape as MapShape, location.name.toLowerCase(), headers)
      case 'payload':
        return shape.kind === 'stream' ? streamOf(exchange) : payload(shape)
      default:
        return undefined
    }
  }

  async function payload(shape: Shape): Promise<unknown> {
    const framed = isAwsChunked(exchange.headers) ? streamOf(exchange) : undefined
    const bytes = framed ? await collect(framed) : await body.whole(BODY_LIMIT_BYTES)
    if (!bytes) throw messageTooLarge(BODY_LIMIT_BYTES)
    await checkBody?.(operation, { bytes, headers, trailers: framed?.trailers ?? new Map() })
    if (shape.kind === 'blob') return bytes
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
    if (shape.kind !== 'structure') return text
    return text.trim() === '' ? undefined : decodeXml(shape.members, text)
  }
}

const streamOf = ({ headers, body }: Exchange): StreamBody =>
  isAwsChunked(headers)
    ? decodeAwsChunked(body.pieces(), decodedLengthOf(headers))
    : { [Symbol.asyncIterator]: () => body.pieces()[Symbol.asyncIterator]() }

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of pieces) {
    chunks.push(piece)
    sizeBytes += piece.length
    if (sizeBytes > BODY_LIMIT_BYTES) return undefined
  }
  return Buffer.concat(chunks)
}

function decodedLengthOf(headers: ReadonlyMap<string, string>): number | undefined {
  const text = headers.get('x-amz-decoded-content-length')
  if (text !== undefined && !/^\d+$/.test(text)) throw invalidArgument('x-amz-decoded-content-length', text)
  return text === undefined ? undefined : Number(text)
}

/** The headers as they would be without aws-chunked: the object's own length and encoding. */
function withoutFraming(headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = new Map(headers)
  const encodings = (headers.get('content-encoding') ?? '').split(',').map((word) => word.trim())
  const kept = encodings.filter((word) => word !== '' && word !== 'aws-chunked')
  if (kept.length > 0) own.set('content-encoding', kept.join(','))
  else own.delete('content-encoding')
  const length = headers.get('x-amz-decoded-content-length')
  if (length === undefined) own.delete('content-length')
  else own.set('content-length', length)
  return own
}

function parseQuery(shape: Shape, name: string, query: URLSearchParams): unknown {
  if (shape.kind !== 'list') return parse(shape, name, query.get(name) ?? undefined)
  const texts = query.getAll(name)
  return texts.length === 0 ? undefined : texts.map((text) => parse(shape.member, name, text))
}

function parse(shape: Shape, name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined
  if (shape.kind === 'list') return text.split(',').map((item) => parse(shape.member, name, item.trim()))
  const value = parseScalar(shape, text)
  if (value === undefined) throw invalidArgument(name, text)
  return value
}

function prefixed(
  shape: MapShape,
  prefix: string,
  headers: ReadonlyMap<string, string>,
): Record<string, unknown> | undefined {
  const found = [...headers].filter(([name]) => name.startsWith(prefix))
  if (found.length === 0) return undefined
  return Object.fromEntries(
    found.map(([name, text]) => [name.slice(prefix.length), parse(shape.value, name, text)]),
  )
}
