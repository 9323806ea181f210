import { isAwsChunked, withoutFraming } from '../../s3/dialect/aws-chunked.ts'
import { decodeWords } from '../../s3/dialect/encoded-words.ts'
import type { Operation, Service } from '../../service/operation.ts'
import { type Shape, structure } from '../../service/shape.ts'
import { decodeXml, parseScalar } from '../codec/xml-decode.ts'
import { invalidArgument, missingRequestBody, notAnInteger } from '../exceptions.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { RestAddress } from './address.ts'
import { streamOf, wholeBodyOf } from './body.ts'

export type RestInputReader = (exchange: Exchange, address: RestAddress) => Promise<Record<string, unknown>>

/** Where a request carries parts of the input, but for its body. */
interface Places {
  readonly labels: RestAddress['labels']
  readonly query: URLSearchParams
  /** As they would be without aws-chunked. */
  readonly headers: ReadonlyMap<string, string>
}
type Read = (places: Places) => unknown

/** Reads an operation's input from every place where a request carries a part of it, the body last. */
export function createInputReader(
  { checkBody }: Pick<Service, 'checkBody'>,
  operation: Operation<never>,
): RestInputReader {
  const members = Object.entries(operation.input.members)
  const parts = members.flatMap(([name, shape]) => {
    const read = readOf(shape)
    return read ? [{ name, read }] : []
  })
  const payload = members.find(([, shape]) => shape.location?.in === 'payload')
  const elements = structure(Object.fromEntries(members.filter(([, shape]) => !shape.location)))
  const hasElements = Object.keys(elements.members).length > 0

  return async (exchange, { labels }) => {
    const headers = isAwsChunked(exchange.headers) ? withoutFraming(exchange.headers) : exchange.headers
    const places: Places = { labels, query: exchange.query, headers }
    const input: Record<string, unknown> = {}
    for (const { name, read } of parts) {
      const value = read(places)
      if (value !== undefined) input[name] = value
    }
    if (hasElements) Object.assign(input, await bodyOf(elements, exchange, headers))
    if (!payload) return input
    const [name, shape] = payload
    const root = shape.xmlName ?? name
    const body = shape.kind === 'stream' ? streamOf(exchange) : await bodyOf(shape, exchange, headers, root)
    if (body !== undefined) input[name] = body
    return input
  }

  async function bodyOf(
    shape: Shape,
    exchange: Exchange,
    headers: Places['headers'],
    root?: string,
  ): Promise<unknown> {
    const { bytes, trailers } = await wholeBodyOf(exchange)
    await checkBody?.(operation, { bytes, headers, trailers })
    if (shape.kind === 'blob') return bytes
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
    if (shape.kind !== 'structure') return text
    if (text !== '') return decodeXml(shape, text, root)
    if (shape.required) throw missingRequestBody()
    return undefined
  }
}

/** undefined for what the body carries. */
function readOf(shape: Shape): Read | undefined {
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
      return ({ headers }) => prefixed(header, headers)
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
  if (shape.kind === 'list') return text.split(',').map((item) => parse(shape.member, name, item.trim()))
  const value = parseScalar(shape, text)
  if (value === undefined)
    throw shape.kind === 'integer' ? notAnInteger(name, text) : invalidArgument(name, text)
  return value
}

function prefixed(prefix: string, headers: ReadonlyMap<string, string>): Record<string, string> | undefined {
  let found: [name: string, value: string][] | undefined
  for (const [name, text] of headers) {
    if (!name.startsWith(prefix)) continue
    found ??= []
    found.push([name.slice(prefix.length), decodeWords(text)])
  }
  return found && Object.fromEntries(found)
}
