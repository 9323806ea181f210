import type { ServiceException } from '../../service/exception.ts'
import type { Operation, Service } from '../../service/operation.ts'
import type { Shape } from '../../service/shape.ts'
import {
  element,
  encodeContent,
  encodeMembers,
  escapeXml,
  timestampText,
  xmlDocument,
} from '../codec/xml-encode.ts'
import type { Answer } from '../exchange.ts'
import type { RestService } from './match.ts'

export type RestOutputWriter = (output: Record<string, unknown>) => Answer

/** Writes an operation's output, each part in its place. */
export function createOutputWriter(
  { xmlNamespace, dialect: { encodeWords } }: RestService,
  { name, output: { members }, http }: Operation<never>,
): RestOutputWriter {
  const parts = Object.entries(members).flatMap(([member, shape]) =>
    shape.location
      ? [{ member, shape, place: shape.location.in, at: shape.location.name.toLowerCase() }]
      : [],
  )
  const namespace = http?.isBare ? undefined : xmlNamespace
  const payload = parts.find(({ place }) => place === 'payload')
  const hasElements = parts.length < Object.keys(members).length

  return (output) => {
    const headers: Record<string, string> = {}
    let status = http?.status ?? 200
    for (const { member, shape, place, at } of parts) {
      const value = output[member]
      if (value === undefined || value === null) continue
      if (place === 'header') headers[at] = headerText(shape, value, encodeWords)
      else if (place === 'headerPrefix' && shape.kind === 'map')
        for (const [key, item] of Object.entries(value))
          headers[at + key.toLowerCase()] = encodeWords(String(item))
      else if (place === 'status') status = value as number
    }
    const body = payload ? payloadOf(payload.member, payload.shape, output, headers) : elementsOf(output)
    if (typeof body === 'string') headers['content-type'] ??= 'application/xml'
    return body === undefined ? { status, headers } : { status, headers, body }
  }

  function payloadOf(
    member: string,
    shape: Shape,
    output: Record<string, unknown>,
    headers: Record<string, string>,
  ): Answer['body'] {
    const value = output[member]
    if (value === undefined || value === null) return undefined
    if (shape.kind === 'stream' || shape.kind === 'blob') return value as Answer['body']
    const root = http?.xmlRoot ?? (shape.kind === 'structure' ? (shape.xmlName ?? member) : undefined)
    if (root !== undefined) return xmlDocument(root, encodeContent(shape, value), namespace)
    headers['content-type'] ??= 'text/plain'
    return String(value)
  }

  function elementsOf(output: Record<string, unknown>): string | undefined {
    if (!hasElements && http?.xmlRoot === undefined) return undefined
    return xmlDocument(http?.xmlRoot ?? `${name}Result`, encodeMembers(members, output), namespace)
  }
}

function headerText(shape: Shape, value: unknown, encodeWords: (text: string) => string): string {
  if (shape.kind === 'timestamp') return timestampText(value as number, shape.format ?? 'http-date')
  if (shape.kind === 'list')
    return (value as unknown[]).map((item) => headerText(shape.member, item, encodeWords)).join(', ')
  const text = String(value)
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? text : encodeWords(text)
}

/** An exception as the service prints it; on its own for a request of none. */
export function errorDocument(
  service: Pick<Service, 'wrapsErrors' | 'xmlNamespace'> | undefined,
  { code, message, fields }: ServiceException,
  ids: Readonly<Record<string, string>>,
): string {
  const error = { Code: code, Message: message, ...fields }
  if (!service?.wrapsErrors) return xmlDocument('Error', elements({ ...error, ...ids }))
  return xmlDocument('ErrorResponse', element('Error', elements(error)) + elements(ids), service.xmlNamespace)
}

const elements = (texts: Readonly<Record<string, string>>): string =>
  Object.entries(texts)
    .map(([name, text]) => element(name, escapeXml(text)))
    .join('')
