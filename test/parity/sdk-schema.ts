import type { Members, Shape } from '../../src/service/shape.ts'

/** What an SDK's schema and ours can both be reduced to. */
export type Kind = 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'list' | 'map' | 'structure'

export interface Outline {
  readonly kind: Kind
  /** The members of a structure, with the required ones first as the SDK has them. */
  readonly members?: ReadonlyMap<string, { readonly required: boolean; readonly outline: () => Outline }>
  /** Of a list or map. */
  readonly value?: () => Outline
}

const SIMPLE: Readonly<Record<number, Kind>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
  5: 'timestamp',
  6: 'timestamp',
  7: 'timestamp',
  17: 'number',
  19: 'number',
  21: 'blob',
  42: 'blob',
}
const LIST_OF = 64
const MAP_OF = 128
const [SIMPLE_TAG, LIST_TAG, MAP_TAG, OPERATION_TAG] = [0, 1, 2, 9]

/** A schema of `@aws-sdk/client-*`: a number, a thunk, `[schema, traits]`, or `[tag, namespace, name, traits, …]`. */
export function outlineOfSdk(schema: unknown): Outline {
  if (typeof schema === 'function') return outlineOfSdk(schema())
  if (schema === 'unit') return { kind: 'structure', members: new Map() }
  if (typeof schema === 'number') {
    const simple = (number: number): Outline => ({ kind: SIMPLE[number] ?? fail(schema) })
    if (schema >= MAP_OF) return { kind: 'map', value: () => simple(schema - MAP_OF) }
    if (schema >= LIST_OF) return { kind: 'list', value: () => simple(schema - LIST_OF) }
    return simple(schema)
  }
  if (!Array.isArray(schema)) return fail(schema)
  if (schema.length === 2) return outlineOfSdk(schema[0])
  const [tag, , , , names, schemas, requiredCount = 0] = schema
  if (tag === SIMPLE_TAG) return outlineOfSdk(names)
  if (tag === LIST_TAG) return { kind: 'list', value: () => outlineOfSdk(names) }
  if (tag === MAP_TAG) return { kind: 'map', value: () => outlineOfSdk(schemas) }
  const members = (names as string[]).map(
    (name, index) =>
      [name, { required: index < requiredCount, outline: () => outlineOfSdk(schemas[index]) }] as const,
  )
  return { kind: 'structure', members: new Map(members) }
}

export function outlineOfShape(shape: Shape): Outline {
  switch (shape.kind) {
    case 'integer':
    case 'long':
    case 'double':
      return { kind: 'number' }
    case 'stream':
      return { kind: 'blob' }
    case 'list':
      return { kind: 'list', value: () => outlineOfShape(shape.member) }
    case 'map':
      return { kind: 'map', value: () => outlineOfShape(shape.value) }
    case 'structure':
    case 'eventStream':
      return { kind: 'structure', members: outlineOfMembers(shape.members) }
    default:
      return { kind: shape.kind }
  }
}

const outlineOfMembers = (members: Members) =>
  new Map(
    Object.entries(members).map(([name, shape]) => [
      name,
      { required: shape.required === true, outline: () => outlineOfShape(shape) },
    ]),
  )

/** The operations of an SDK's client module by name, each with its input's and output's schema. */
export function operationsOfSdk(module: object): Map<string, { input: unknown; output: unknown }> {
  const operations = Object.values(module).filter(
    (value): value is unknown[] => Array.isArray(value) && value[0] === OPERATION_TAG,
  )
  return new Map(operations.map(([, , name, , input, output]) => [name as string, { input, output }]))
}

function fail(schema: unknown): never {
  throw new Error(`no schema that is known here: ${JSON.stringify(schema)}`)
}
