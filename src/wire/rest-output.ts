import type { Operation } from '../service/operation.ts'
import type { Shape } from '../service/shape.ts'
import type { Answer } from './exchange.ts'
import { encodeContent, encodeMembers, timestampText } from './xml-encode.ts'
import { xmlDocument } from './xml-text.ts'

/** An operation's output, each part in its place. */
export function writeOutput(
  { name, output, http }: Operation<never>,
  value: Record<string, unknown>,
  namespace?: string,
): Answer {
  const headers: Record<string, string> = {}
  let status = http?.status ?? 200
  let payload: [memberName: string, shape: Shape] | undefined
  for (const [memberName, shape] of Object.entries(output.members)) {
    if (shape.location?.in === 'payload') payload = [memberName, shape]
    const member = value[memberName]
    if (member === undefined || member === null) continue
    if (shape.location?.in === 'header')
      headers[shape.location.name.toLowerCase()] = headerText(shape, member)
    else if (shape.location?.in === 'headerPrefix' && shape.kind === 'map')
      for (const [key, item] of Object.entries(member))
        headers[(shape.location.name + key).toLowerCase()] = headerText(shape.value, item)
    else if (shape.location?.in === 'status') status = member as number
  }
  const body = payload ? payloadOf(...payload) : membersOf()
  if (typeof body === 'string') headers['content-type'] ??= 'application/xml'
  return { status, headers, ...(body !== undefined && { body }) }

  function payloadOf(memberName: string, shape: Shape): Answer['body'] {
    const member = value[memberName]
    if (member === undefined || member === null) return undefined
    if (shape.kind === 'stream' || shape.kind === 'blob') return member as Answer['body']
    const root = http?.xmlRoot ?? (shape.kind === 'structure' ? (shape.xmlName ?? memberName) : undefined)
    if (root !== undefined) return xmlDocument(root, encodeContent(shape, member), namespace)
    headers['content-type'] ??= 'text/plain'
    return String(member)
  }

  function membersOf(): string | undefined {
    const hasBody = Object.values(output.members).some(({ location }) => location === undefined)
    if (!hasBody && http?.xmlRoot === undefined) return undefined
    return xmlDocument(http?.xmlRoot ?? `${name}Result`, encodeMembers(output.members, value), namespace)
  }
}

/** What HTTP cannot carry goes as RFC 2047 says, as S3 does with metadata. */
function headerText(shape: Shape, value: unknown): string {
  if (shape.kind === 'timestamp') return timestampText(value as number, shape.format ?? 'http-date')
  if (shape.kind === 'list')
    return (value as unknown[]).map((item) => headerText(shape.member, item)).join(', ')
  const text = String(value)
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
}
