import { validationException } from '../exception.ts'
import type { Shape, StructureShape } from '../shape.ts'
import { type Constraint, constraintsOf, presenceOf } from './constraints.ts'
import { createFits, type Fits } from './fits.ts'

/** AWS looks for ten broken constraints at most. */
const MAX_VIOLATIONS = 10

/** What is looked at: all that a shape constrains, or less. */
interface Rules {
  readonly constraintsFor: (shape: Shape) => readonly Constraint[]
  /** Tells at little cost that nothing is wrong, as nearly always: what to say of it is looked for where something is. */
  readonly fits: Fits
}

const ALL: Rules = { constraintsFor: constraintsOf, fits: createFits(constraintsOf) }
const PRESENCE: Rules = { constraintsFor: presenceOf, fits: createFits(presenceOf) }

/** Throws a ValidationException that names every constraint of `shape` that `value` breaks, in AWS's words. */
export function validate(shape: StructureShape, value: unknown): void {
  if (!ALL.fits(shape, value)) refuse(shape, value, ALL)
}

/** The same where nothing is waived (see `waivable`). */
export const validateUnwaived = (shape: StructureShape, value: unknown): void =>
  refuse(shape, value, ALL, false)

/**
 * The same for no more than what has to be there: for services that check all else themselves, and whose own protocol leaves
 * none of it out.
 */
export function validatePresence(shape: StructureShape, value: unknown): void {
  if (!PRESENCE.fits(shape, value)) refuse(shape, value, PRESENCE)
}

interface Walk extends Pick<Rules, 'constraintsFor'> {
  readonly out: string[]
  readonly refusals: string[]
  /** Something is broken that nobody can waive. */
  isBroken: boolean
}

/** Throws what is wrong with the value; returns when nothing is. */
function refuse(
  shape: StructureShape,
  value: unknown,
  { constraintsFor }: Rules,
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
