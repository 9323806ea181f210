import { validationException } from './exception.ts'
import type { ListShape, MapShape, NumberShape, Shape, StringShape, StructureShape } from './shape.ts'

/** AWS lists ten broken constraints at most. */
const MAX_VIOLATIONS = 10

/** Throws a ValidationException that names every constraint of `shape` that `value` breaks, in AWS's words. */
export function validate(shape: StructureShape, value: unknown): void {
  const violations: string[] = []
  walk(shape, value, '', false, violations)
  if (violations.length === 0) return
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: `
  throw validationException(count + violations.slice(0, MAX_VIOLATIONS).join('; '))
}

/** `omitValue`: AWS leaves the value out for members of a structure inside the request. */
function walk(shape: Shape, value: unknown, path: string, omitValue: boolean, out: string[]): void {
  if (value === undefined || value === null) {
    if (shape.required)
      out.push(`${subject(value, path, omitValue)} failed to satisfy constraint: Member must not be null`)
    return
  }
  for (const broken of brokenConstraints(shape, value))
    out.push(`${subject(value, path, omitValue)} failed to satisfy constraint: ${broken}`)
  if (shape.kind === 'structure')
    for (const [name, member] of Object.entries(shape.members))
      walk(
        member,
        (value as Record<string, unknown>)[name],
        memberPath(path, name),
        path !== '' && !path.endsWith('.member'),
        out,
      )
  else if (shape.kind === 'list')
    for (const [index, item] of (value as unknown[]).entries())
      walk(shape.member, item, `${path}.${index + 1}.member`, false, out)
  else if (shape.kind === 'map')
    for (const [key, item] of Object.entries(value))
      walk(shape.value, item, `${path}.${key}.member`, false, out)
}

const memberPath = (path: string, name: string) => (path === '' ? '' : `${path}.`) + lowerFirst(name)

/** `StreamARN` prints as `streamARN`, `KMSKeyArn` as `kMSKeyArn`: Java bean names. */
const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

const subject = (value: unknown, path: string, omitValue: boolean) =>
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

function brokenConstraints(shape: Shape, value: unknown): string[] {
  switch (shape.kind) {
    case 'string':
      return brokenByString(shape, value as string)
    case 'blob':
      return brokenByLength(shape, (value as Uint8Array).length)
    case 'list':
      return brokenByLength(shape, (value as unknown[]).length)
    case 'map':
      return [
        ...brokenByLength(shape, Object.keys(value as object).length),
        ...brokenByKeys(shape, value as object),
      ]
    case 'integer':
    case 'long':
    case 'double':
      return brokenByRange(shape, value as number)
    default:
      return []
  }
}

function brokenByString(shape: StringShape, value: string): string[] {
  const broken = brokenByLength(shape, [...value].length)
  if (shape.pattern !== undefined && !patternOf(shape).test(value))
    broken.push(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  if (shape.values && !shape.values.includes(value))
    broken.push(`Member must satisfy enum value set: [${shape.values.join(', ')}]`)
  return broken
}

const patterns = new WeakMap<StringShape, RegExp>()

function patternOf(shape: StringShape): RegExp {
  let pattern = patterns.get(shape)
  if (!pattern) {
    pattern = shape.accepts ?? new RegExp(`^(?:${shape.pattern})$`, 'su')
    patterns.set(shape, pattern)
  }
  return pattern
}

function brokenByLength(
  shape: StringShape | ListShape | MapShape | { min?: number; max?: number },
  length: number,
): string[] {
  const broken: string[] = []
  if (shape.max !== undefined && length > shape.max)
    broken.push(`Member must have length less than or equal to ${shape.max}`)
  if (shape.min !== undefined && length < shape.min)
    broken.push(`Member must have length greater than or equal to ${shape.min}`)
  return broken
}

/** NaN breaks both bounds, the upper first. */
function brokenByRange(shape: NumberShape, value: number): string[] {
  const broken: string[] = []
  if (shape.max !== undefined && !(value <= shape.max))
    broken.push(`Member must have value less than or equal to ${shape.max}`)
  if (shape.min !== undefined && !(value >= shape.min))
    broken.push(`Member must have value greater than or equal to ${shape.min}`)
  return broken
}

function brokenByKeys(shape: MapShape, value: object): string[] {
  if (Object.keys(value).every((key) => brokenByString(shape.key, key).length === 0)) return []
  const rules = [...brokenByLength(shape.key, Number.POSITIVE_INFINITY), ...brokenByLength(shape.key, -1)]
  if (shape.key.pattern) rules.push(`Member must satisfy regular expression pattern: ${shape.key.pattern}`)
  return [`Map keys must satisfy constraint: [${rules.join(', ')}]`]
}
