import type { Shape, TypeOf } from './shape.ts'
import { constraintsOf } from './validation/constraints.ts'

/** How a token's text says its value. `read` may throw, or give whatever it likes: what it gives is checked. */
export interface Writing {
  write(value: never): string
  read(text: string): unknown
}

/** What we hand out to get it back later: page tokens, iterators, ids that tell a place. */
export interface Token<T> {
  format(value: T): string
  /** Undefined unless it is a text that `format` gives; what AWS says then is the caller's matter. */
  parse(text: string): T | undefined
}

/** Anybody can write a token: each one that comes back has to have the declared form, to the last character. */
export function tokenOf<S extends Shape>(shape: S, writing: Writing = jsonInBase64): Token<TypeOf<S>> {
  const format = (value: TypeOf<S>): string => writing.write(value as never)
  return {
    format,
    parse(text) {
      try {
        const value = writing.read(text)
        return fits<TypeOf<S>>(shape, value) && format(value) === text ? value : undefined
      } catch {
        return undefined
      }
    },
  }
}

/** For most: a token says nothing to its holder. */
const jsonInBase64: Writing = {
  write: (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64'),
  read: (text) => JSON.parse(Buffer.from(bytesOfBase64(text)).toString()),
}

/** A text that is its own value. */
export const asItIs: Writing = {
  write: (value: unknown) => String(value),
  read: (text) => text,
}

/** A text that its holder need not read, fit for an address. */
export const textInBase64Url: Writing = {
  write: (value: unknown) => Buffer.from(String(value)).toString('base64url'),
  read: (text) => Buffer.from(text, 'base64url').toString(),
}

/** As far as it is base64: Node's decoder overlooks what is none. */
export const bytesOfBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64')

/** What there is at most of a time: further ones are no dates. */
const MAX_TIME = 8.64e15

/** Whether a value of unknown origin is one of the shape, with no member more. */
function fits<T>(shape: Shape, value: unknown): value is T {
  return isOfKind(shape, value) && constraintsOf(shape).every(({ holds }) => holds(value))
}

function isOfKind(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
      const { members } = shape
      const given = new Map(Object.entries(value))
      return (
        [...given.keys()].every((name) => Object.hasOwn(members, name)) &&
        Object.entries(members).every(([name, member]) => {
          const part = given.get(name)
          return part === undefined ? !member.required : fits(member, part)
        })
      )
    }
    case 'list':
      return Array.isArray(value) && value.every((item) => fits(shape.member, item))
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value)
    case 'timestamp':
      return Number.isSafeInteger(value) && Math.abs(Number(value)) <= MAX_TIME
    default:
      return false
  }
}
