import { ServiceException } from '../../service/exception.ts'
import type { Members, Shape } from '../../service/shape.ts'
import { parseScalar } from './xml-decode.ts'

/** No request of AWS's nests deeper. */
const MAX_DEPTH = 16

/** A form's fields by the words between their dots: `Tags.member.1.Key`. */
interface Field {
  text?: string
  readonly parts: Map<string, Field>
}

/**
 * The value of a structure in a form of AWS query: lists are `Name.member.1`, maps `Name.entry.1.key` and `.value`, and
 * what stands below another name is a structure. Fields that have no place are passed over, as AWS does. Of one that
 * comes twice the first counts. Throws MalformedInput.
 */
export const decodeForm = (members: Members, form: URLSearchParams): Record<string, unknown> =>
  structureOf(members, fieldsOf(form), '')

function fieldsOf(form: URLSearchParams): Field {
  const root: Field = { parts: new Map() }
  for (const [name, text] of form) {
    const words = name.split('.')
    if (words.length > MAX_DEPTH) continue
    let field = root
    for (const word of words) {
      const next = field.parts.get(word) ?? { parts: new Map() }
      field.parts.set(word, next)
      field = next
    }
    field.text ??= text
  }
  return root
}

function structureOf(members: Members, { parts }: Field, path: string): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [name, shape] of Object.entries(members)) {
    const field = parts.get(shape.xmlName ?? name)
    if (field) value[name] = decodeField(shape, field, path === '' ? name : `${path}.${name}`)
  }
  return value
}

function decodeField(shape: Shape, field: Field, path: string): unknown {
  switch (shape.kind) {
    case 'structure':
      return structureOf(shape.members, field, path)
    case 'list':
      return numbered(shape.flattened ? field : field.parts.get(shape.member.xmlName ?? 'member')).map(
        ([number, item]) => decodeField(shape.member, item, `${path}.${number}`),
      )
    case 'map':
      return Object.fromEntries(
        numbered(field.parts.get('entry')).map(([number, entry]) => [
          entry.parts.get('key')?.text ?? '',
          decodeField(shape.value, entry.parts.get('value') ?? NOTHING, `${path}.${number}`),
        ]),
      )
    default: {
      const value = field.text === undefined ? undefined : parseScalar(shape, field.text)
      if (value === undefined)
        throw new ServiceException('MalformedInput', `${path} is not a valid ${shape.kind}.`)
      return value
    }
  }
}

const NOTHING: Field = { parts: new Map() }

/** In the order of their numbers, which may have gaps. */
const numbered = (field: Field = NOTHING): [number: number, field: Field][] =>
  [...field.parts]
    .filter(([word]) => /^\d{1,9}$/.test(word))
    .map(([word, item]): [number, Field] => [Number(word), item])
    .sort(([one], [other]) => one - other)
