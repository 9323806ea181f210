import { type Constraint, constraintsOf, presenceOf } from './constraints.ts'
import { validationException } from './exception.ts'
import type { Shape, StructureShape } from './shape.ts'

/** AWS looks for ten broken constraints at most. */
const MAX_VIOLATIONS = 10

/** Throws a ValidationException that names every constraint of `shape` that `value` breaks, in AWS's words. */
export const validate = (shape: StructureShape, value: unknown): void => check(shape, value, constraintsOf)

/**
 * The same for no more than what has to be there: for services that check all else themselves, and whose own protocol leaves
 * none of it out.
 */
export const validatePresence = (shape: StructureShape, value: unknown): void =>
  check(shape, value, presenceOf)

type ConstraintsOf = (shape: Shape) => readonly Constraint[]

interface Walk {
  readonly constraintsFor: ConstraintsOf
  readonly out: string[]
}

function check(shape: StructureShape, value: unknown, constraintsFor: ConstraintsOf): void {
  const violations: string[] = []
  walk(shape, value, { path: '', omitValue: false }, { constraintsFor, out: violations })
  if (violations.length === 0) return
  const named = violations.slice(0, MAX_VIOLATIONS)
  const count = `${named.length} validation error${named.length === 1 ? '' : 's'} detected: `
  throw validationException(count + named.join('; '))
}

interface Place {
  readonly path: string
  /** AWS leaves the value out for members of a structure inside the request. */
  readonly omitValue: boolean
}

function walk(shape: Shape, value: unknown, place: Place, to: Walk): void {
  const { constraintsFor, out } = to
  if (value === undefined || value === null) {
    if (shape.required)
      out.push(`${subject(value, place)} failed to satisfy constraint: Member must not be null`)
    return
  }
  if (out.length >= MAX_VIOLATIONS) return
  for (const { text, holds } of constraintsFor(shape))
    if (!holds(value)) out.push(`${subject(value, place)} failed to satisfy constraint: ${text}`)
  const { path } = place
  if (shape.kind === 'structure') {
    const omitValue = path !== '' && !path.endsWith('.member')
    for (const [name, member] of Object.entries(shape.members))
      walk(member, (value as Record<string, unknown>)[name], { path: memberPath(path, name), omitValue }, to)
  } else if (shape.kind === 'list' && shape.member.kind === 'structure') {
    for (const [index, item] of (value as unknown[]).entries())
      walk(shape.member, item, { path: `${path}.${index + 1}.member`, omitValue: false }, to)
  } else if (shape.kind === 'map' && shape.value.kind === 'structure') {
    for (const [key, item] of Object.entries(value))
      walk(shape.value, item, { path: `${path}.${key}.member`, omitValue: false }, to)
  }
}

const memberPath = (path: string, name: string) => (path === '' ? '' : `${path}.`) + lowerFirst(name)

/** `StreamARN` prints as `streamARN`, `KMSKeyArn` as `kMSKeyArn`: Java bean names. */
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

const subject = (value: unknown, { path, omitValue }: Place) =>
  value === undefined || value === null || omitValue
    ? `Value ${omitValue ? '' : 'null '}at '${path}'`
    : `Value '${javaText(value)}' at '${path}'`

/** A value as Java's toString prints it in AWS's messages. */
function javaText(value: unknown): string {
  if (value instanceof Uint8Array)
    return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${javaText(item)}`)
      .join(', ')}}`
  return String(value)
}
