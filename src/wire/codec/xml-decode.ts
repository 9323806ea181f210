import { SaxesParser } from 'saxes'
import { malformedXml } from '../../service/exception.ts'
import type { Members, Shape, StructureShape } from '../../service/shape.ts'
import { reference } from './xml-encode.ts'

/** An element: its name without prefix, its own text, its attributes as they are written, and what it holds. */
interface XmlElement {
  readonly name: string
  text: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
}

/** No request of AWS's nests deeper; a bound keeps the walk off the stack's end. */
const MAX_DEPTH = 32

/**
 * The value of a structure that is an XML document with a root of that name. Throws MalformedXML, for an element that
 * has no place or comes twice in a place for one, too.
 */
export function decodeXml({ members }: StructureShape, text: string, name?: string): Record<string, unknown> {
  const root = parseXml(text)
  if (root.name !== (name ?? root.name)) throw malformedXml()
  return decodeMembers(members, root)
}

/**
 * SDKs send references to control characters (`&#x1;`) in keys. Only XML 1.1 takes those; but it wants references to
 * some characters that 1.0 takes as they are.
 */
const ONLY_IN_XML_1_0 = /[\x7f-\x9f\u2028]/g

function parseXml(text: string): XmlElement {
  const open: XmlElement[] = [{ name: '', text: '', attributes: {}, children: [] }]
  const parser = new SaxesParser({ xmlns: false, defaultXMLVersion: '1.1', forceXMLVersion: true })
  parser.on('error', () => {
    throw malformedXml()
  })
  parser.on('opentag', ({ name, attributes }) => {
    const child = { name: name.slice(name.indexOf(':') + 1), text: '', attributes, children: [] }
    open.at(-1)!.children.push(child)
    open.push(child)
    if (open.length > MAX_DEPTH) throw malformedXml()
  })
  parser.on('closetag', () => open.pop())
  const addText = (more: string) => {
    open.at(-1)!.text += more
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text.replace(ONLY_IN_XML_1_0, reference)).close()
  const root = open[0]!.children[0]
  if (!root) throw malformedXml()
  return root
}

function decodeMembers(members: Members, parent: XmlElement): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const places = new Set<string>()
  for (const [memberName, shape] of Object.entries(members)) {
    if (shape.location?.in === 'attribute') {
      const text = parent.attributes[shape.location.name]
      if (text !== undefined) value[memberName] = text
      continue
    }
    const name = shape.xmlName ?? memberName
    places.add(name)
    const found = parent.children.filter((child) => child.name === name)
    if (found.length === 0) continue
    const mayRepeat = shape.kind === 'list' && shape.flattened
    if (found.length > 1 && !mayRepeat) throw malformedXml()
    value[memberName] = mayRepeat
      ? found.map((item) => decodeElement(shape.member, item))
      : decodeElement(shape, found[0]!)
  }
  if (parent.children.some(({ name }) => !places.has(name))) throw malformedXml()
  return value
}

function decodeElement(shape: Shape, found: XmlElement): unknown {
  switch (shape.kind) {
    case 'structure':
      return decodeMembers(shape.members, found)
    case 'list': {
      const name = shape.member.xmlName ?? 'member'
      return found.children
        .filter((child) => child.name === name)
        .map((item) => decodeElement(shape.member, item))
    }
    case 'map':
      throw new Error('no request of REST-XML holds a map in its body')
    default: {
      const value = parseScalar(shape, found.text)
      if (value === undefined) throw malformedXml()
      return value
    }
  }
}

/** A scalar from the text of an element, a header or a query member; undefined when it is none. */
export function parseScalar(shape: Shape, text: string): string | number | boolean | Uint8Array | undefined {
  switch (shape.kind) {
    case 'string':
      return text
    case 'integer':
    case 'long':
      return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined
    case 'double':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'boolean': {
      const word = text.trim().toLowerCase()
      return word === 'true' ? true : word === 'false' ? false : undefined
    }
    case 'timestamp': {
      const time = Date.parse(text)
      return Number.isNaN(time) ? undefined : time
    }
    case 'blob':
      return Buffer.from(text, 'base64')
    default:
      throw new Error(`a ${shape.kind} is not written as text`)
  }
}
