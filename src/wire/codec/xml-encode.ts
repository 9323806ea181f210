import type { Members, Shape } from '../../service/shape.ts'

/** The elements of a structure's members, in their order; absent ones and those with another place are left out. */
export const encodeMembers = (members: Members, value: object): string =>
  inOrder(
    Object.entries(members)
      .filter(([, shape]) => shape.location === undefined)
      .flatMap(([name, shape]) => encodeMember(shape, name, (value as Record<string, unknown>)[name])),
  )
    .map(({ text }) => text)
    .join('')

interface Element {
  readonly text: string
  /** Of an element that stands where it belongs among all that have one. */
  readonly order?: number
}

function encodeMember(shape: Shape, memberName: string, value: unknown): readonly Element[] {
  if (value === undefined || value === null) return []
  const name = shape.xmlName ?? memberName
  if (shape.kind !== 'list' || !shape.flattened) return [{ text: encodeElement(name, shape, value) }]
  const { member } = shape
  const orderedBy = nameOfOrder(member)
  return (value as unknown[]).map((item) => ({
    text: encodeElement(name, member, item),
    ...(orderedBy !== undefined && { order: (item as Record<string, number>)[orderedBy]! }),
  }))
}

const nameOfOrder = (shape: Shape): string | undefined =>
  shape.kind === 'structure'
    ? Object.keys(shape.members).find((name) => shape.members[name]?.location?.in === 'order')
    : undefined

/** Those with an order are dealt out anew among the places that they take. */
function inOrder(elements: readonly Element[]): readonly Element[] {
  const ordered = elements.filter(({ order }) => order !== undefined)
  if (ordered.length === 0) return elements
  ordered.sort((one, other) => one.order! - other.order!)
  let next = 0
  return elements.map((element) => (element.order === undefined ? element : ordered[next++]!))
}

const encodeElement = (name: string, shape: Shape, value: unknown): string =>
  element(name, encodeContent(shape, value), attributesOf(shape, value))

function attributesOf(shape: Shape, value: unknown): string {
  if (shape.kind !== 'structure') return ''
  return Object.entries(shape.members)
    .map(([name, { location }]) => ({ location, text: (value as Record<string, unknown>)[name] }))
    .map(({ location, text }) =>
      location?.in === 'attribute' && text !== undefined ? attribute(location.name, String(text)) : '',
    )
    .join('')
}

/** What stands between an element's tags. */
export function encodeContent(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'structure':
      return encodeMembers(shape.members, value as object)
    case 'list': {
      const name = shape.member.xmlName ?? 'member'
      return (value as unknown[]).map((item) => encodeElement(name, shape.member, item)).join('')
    }
    case 'map':
      return Object.entries(value as object)
        .map(([key, item]) =>
          element(
            'entry',
            element('key', escapeXml(key)) + element('value', encodeContent(shape.value, item)),
          ),
        )
        .join('')
    case 'timestamp':
      return timestampText(value as number, shape.format ?? 'date-time')
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return escapeXml(String(value))
  }
}

/** `date-time` is ISO 8601 with milliseconds. */
export const timestampText = (time: number, format: 'date-time' | 'http-date'): string =>
  format === 'http-date' ? new Date(time).toUTCString() : new Date(time).toISOString()

const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for an element or an attribute. Control characters become references, as AWS writes them. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"\p{Cc}\u2028\ufffe\uffff]/gu, (character) => SPECIAL[character] ?? reference(character))

/** A character by its number. */
export const reference = (character: string) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`

export const element = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** With what its prefix stands for, which AWS declares where it is used. */
const attribute = (name: string, text: string): string =>
  `${name.startsWith('xsi:') ? XSI : ''} ${name}="${escapeXml(text)}"`

const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A whole document; the root carries the namespace. */
export const xmlDocument = (root: string, content: string, namespace?: string): string =>
  XML_DECLARATION + element(root, content, namespace === undefined ? '' : ` xmlns="${namespace}"`)
