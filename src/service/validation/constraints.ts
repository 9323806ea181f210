import type { ListShape, MapShape, NumberShape, Shape, StringShape } from '../shape.ts'

/** One constraint of a shape. */
export interface Constraint {
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
      return ofLength(
        shape,
        byLength((value) => (value as Uint8Array).length),
      )
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

interface Lengths {
  readonly min?: number
  readonly max?: number
}

interface Within {
  isAtMost(value: unknown, max: number): boolean
  isAtLeast(value: unknown, min: number): boolean
}

const byLength = (lengthOf: (value: unknown) => number): Within => ({
  isAtMost: (value, max) => lengthOf(value) <= max,
  isAtLeast: (value, min) => lengthOf(value) >= min,
})

function ofLength({ min, max }: Lengths, { isAtMost, isAtLeast }: Within): Constraint[] {
  const constraints: Constraint[] = []
  if (max !== undefined)
    constraints.push({
      text: `Member must have length less than or equal to ${max}`,
      holds: (value) => isAtMost(value, max),
    })
  if (min !== undefined)
    constraints.push({
      text: `Member must have length greater than or equal to ${min}`,
      holds: (value) => isAtLeast(value, min),
    })
  return constraints
}

/**
 * What is longer is not held against its pattern: its length is refused anyway, and AWS's patterns take time that grows
 * faster than a text.
 */
export const LONGEST_MATCHED = 10_240

const charactersOf = (text: string) => (/[\ud800-\udbff]/.test(text) ? [...text].length : text.length)

/** In characters, of which each is one of UTF-16's units, or two: to count them costs, and mostly that is enough to know. */
const byCharacters: Within = {
  isAtMost: (value, max) => (value as string).length <= max || charactersOf(value as string) <= max,
  isAtLeast: (value, min) => (value as string).length >= 2 * min || charactersOf(value as string) >= min,
}

function ofString(shape: StringShape): Constraint[] {
  const { pattern, values, max, patternWords } = shape
  const constraints = ofLength(shape, byCharacters)
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

const NOT_EMPTY = ofLength(
  { min: 1 },
  byLength((value) => (value as string).length),
)

/** What is left out is left out of lists and of an address, too. */
export const presenceOf = ({ kind, location }: Shape): readonly Constraint[] =>
  kind === 'list' ? [NO_NULLS] : kind === 'string' && location?.in === 'uri' ? NOT_EMPTY : []

function ofList(shape: ListShape): Constraint[] {
  const constraints = ofLength(
    shape,
    byLength((value) => (value as unknown[]).length),
  )
  const ofEach = together('Member', shape.member, (value) => value as unknown[])
  return [...constraints, NO_NULLS, ...ofEach]
}

function ofMap(shape: MapShape): Constraint[] {
  return [
    ...ofLength(
      shape,
      byLength((value) => Object.keys(value as object).length),
    ),
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
