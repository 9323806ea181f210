import { validationException } from './exception.ts'
import type { ListShape, MapShape, NumberShape, Shape, StringShape, StructureShape } from './shape.ts'

/** AWS looks for ten broken constraints at most. */
const MAX_VIOLATIONS = 10

/** Throws a ValidationException that names every constraint of `shape` that `value` breaks, in AWS's words. */
export const validate = (shape: StructureShape, value: unknown): void => check(shape, value, constraintsOf)

/** The same where nothing is waived (see `waivable`). */
export const validateUnwaived = (shape: StructureShape, value: unknown): void =>
  check(shape, value, constraintsOf, false)

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
  readonly refusals: string[]
  /** Something is broken that nobody can waive. */
  isBroken: boolean
}

function check(
  shape: StructureShape,
  value: unknown,
  constraintsFor: ConstraintsOf,
  mayWaive: boolean = true,
): void {
  const to: Walk = { constraintsFor, out: [], refusals: [], isBroken: !mayWaive }
  walk(shape, value, { path: '', omitValue: false }, to)
  const { out: violations, refusals } = to
  if (violations.length === 0 || !to.isBroken) {
    if (refusals.length > 0) throw validationException(refusals[0]!)
    return
  }
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
  const { constraintsFor, out, refusals } = to
  const isEnough = out.length >= MAX_VIOLATIONS
  if (value === undefined || value === null) {
    if (shape.required) to.isBroken = true
    if ((shape.required || shape.waivable) && !isEnough)
      out.push(`${subject(value, place)} failed to satisfy constraint: Member must not be null`)
    return
  }
  if (isEnough && to.isBroken) return
  const { path } = place
  for (const { text, holds, words } of constraintsFor(shape))
    if (holds(value)) continue
    else if (words !== undefined) refusals.push(`The specified value for ${path} is invalid. ${words}`)
    else {
      to.isBroken = true
      out.push(`${subject(value, place)} failed to satisfy constraint: ${text}`)
    }
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
    : `Value '${shortened(javaText(value))}' at '${path}'`

/** Characters of a value that an answer repeats. AWS repeats all; ours stays small whatever was sent. */
const LONGEST_REPEATED = 1_024

const shortened = (text: string) =>
  text.length > LONGEST_REPEATED ? `${text.slice(0, LONGEST_REPEATED)}...` : text

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

/** One constraint of a shape. */
interface Constraint {
  /** In AWS's words. */
  readonly text: string
  readonly holds: (value: unknown) => boolean
  /** See `patternWords`. */
  readonly words?: string | undefined
}

const known = new WeakMap<Shape, readonly Constraint[]>()

/** What a value of the shape has to satisfy by itself; the members of structures have constraints of their own. */
export function constraintsOf(shape: Shape): readonly Constraint[] {
  let constraints = known.get(shape)
  if (!constraints) {
    constraints = build(shape)
    known.set(shape, constraints)
  }
  return constraints
}

function build(shape: Shape): readonly Constraint[] {
  switch (shape.kind) {
    case 'string':
      return ofString(shape)
    case 'blob':
      return ofLength(shape, (value) => (value as Uint8Array).length)
    case 'list':
      return ofList(shape)
    case 'map':
      return ofMap(shape)
    case 'integer':
    case 'long':
    case 'double':
      return ofRange(shape)
    default:
      return []
  }
}

function ofLength({ min, max }: { min?: number; max?: number }, lengthOf: (value: unknown) => number) {
  const constraints: Constraint[] = []
  if (max !== undefined)
    constraints.push({
      text: `Member must have length less than or equal to ${max}`,
      holds: (value) => lengthOf(value) <= max,
    })
  if (min !== undefined)
    constraints.push({
      text: `Member must have length greater than or equal to ${min}`,
      holds: (value) => lengthOf(value) >= min,
    })
  return constraints
}

/**
 * What is longer is not held against its pattern: its length is refused anyway, and AWS's patterns take time that grows
 * faster than a text.
 */
export const LONGEST_MATCHED = 10_240

/** In characters, of which some are two of UTF-16's units; to count them costs, and most texts have none. */
const charactersOf = (value: unknown) => {
  const text = value as string
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length
}

function ofString(shape: StringShape): Constraint[] {
  const { pattern, values, max, patternWords } = shape
  const constraints = ofLength(shape, charactersOf)
  if (pattern !== undefined) {
    const isTooLong = ({ length }: string) => max !== undefined && length > Math.max(2 * max, LONGEST_MATCHED)
    const accepts = shape.accepts ?? new RegExp(`^(?:${pattern})$`, 'su')
    constraints.push({
      text: `Member must satisfy regular expression pattern: ${pattern}`,
      holds: (value) => isTooLong(value as string) || accepts.test(value as string),
      words: patternWords,
    })
  }
  if (values)
    constraints.push({
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
      holds: (value) => values.includes(value as string),
    })
  return constraints
}

const NO_NULLS: Constraint = {
  text: 'Member must satisfy constraint: [Member must not be null]',
  holds: (value) => !(value as unknown[]).includes(null),
}

const NOT_EMPTY = ofLength({ min: 1 }, (value) => (value as string).length)

/** What is left out is left out of lists and of an address, too. */
const presenceOf = ({ kind, location }: Shape): readonly Constraint[] =>
  kind === 'list' ? [NO_NULLS] : kind === 'string' && location?.in === 'uri' ? NOT_EMPTY : []

function ofList(shape: ListShape): Constraint[] {
  const constraints = ofLength(shape, (value) => (value as unknown[]).length)
  const ofEach = together('Member', shape.member, (value) => value as unknown[])
  return [...constraints, NO_NULLS, ...ofEach]
}

function ofMap(shape: MapShape): Constraint[] {
  return [
    ...ofLength(shape, (value) => Object.keys(value as object).length),
    ...together('Map keys', shape.key, (value) => Object.keys(value as object)),
    ...together('Map value', shape.value, (value) => Object.values(value as object)),
  ]
}

/** All constraints of what a list or a map holds are one constraint of its own. */
function together(subject: string, shape: Shape, partsOf: (value: unknown) => unknown[]): Constraint[] {
  const constraints = constraintsOf(shape)
  if (constraints.length === 0) return []
  const isFit = (part: unknown) => part === null || constraints.every(({ holds }) => holds(part))
  return [
    {
      text: `${subject} must satisfy constraint: [${constraints.map(({ text }) => text).join(', ')}]`,
      holds: (value) => partsOf(value).every(isFit),
    },
  ]
}

/** NaN breaks both bounds, the upper first. */
function ofRange({ min, max: told, privateMax }: NumberShape): Constraint[] {
  const max = told ?? privateMax
  const constraints: Constraint[] = []
  if (max !== undefined)
    constraints.push({
      text: `Member must have value less than or equal to ${max}`,
      holds: (value) => (value as number) <= max,
    })
  if (min !== undefined)
    constraints.push({
      text: `Member must have value greater than or equal to ${min}`,
      holds: (value) => (value as number) >= min,
    })
  return constraints
}
