/**
 * Whether a value that was read is what it is taken for. A check costs next to nothing, for it stands on the way of
 * every request: it looks at a value's shape, and of many members at the first.
 */
export type Check<T> = (value: unknown) => value is T

/** Of a member that may be absent. */
export type Maybe<T> = Check<T | undefined> & { readonly isMaybe: true }

/** A check for every member: optional ones, and only they, have a `maybe`. */
export type Members<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Maybe<T[K]> : Check<T[K]>
}

export const text: Check<string> = (value) => typeof value === 'string'
export const number: Check<number> = (value) => typeof value === 'number'
export const flag: Check<boolean> = (value) => typeof value === 'boolean'
export const bytes: Check<Uint8Array> = (value) => value instanceof Uint8Array

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

export function oneOf<const T extends string | number | true>(...allowed: readonly T[]): Check<T> {
  const known: ReadonlySet<unknown> = new Set(allowed)
  return (value): value is T => known.has(value)
}

export function maybe<T>(check: Check<T>): Maybe<Exclude<T, undefined>> {
  const isAbsentOr = (value: unknown): value is Exclude<T, undefined> | undefined =>
    value === undefined || check(value)
  return Object.assign(isAbsentOr, { isMaybe: true } as const)
}

export const either =
  <A, B>(one: Check<A>, other: Check<B>): Check<A | B> =>
  (value): value is A | B =>
    one(value) || other(value)

/** An object that is not looked into: what lies deep in a document. */
export const object =
  <T extends object>(): Check<T> =>
  (value): value is T =>
    isRecord(value)

/** A list, of whose members the first is looked at. */
export const list =
  <T>(member: Check<T>): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && (value.length === 0 || member(value[0]))

/** A list of so many members, each with a check of its own. */
export const tuple =
  <T extends readonly unknown[]>(...members: { readonly [K in keyof T]: Check<T[K]> }): Check<T> =>
  (value): value is T =>
    Array.isArray(value) &&
    value.length === members.length &&
    members.every((member, index) => member(value[index]))

/** Values under names, of which the first is looked at. */
export const named =
  <T>(member: Check<T>): Check<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> => {
    if (!isRecord(value)) return false
    for (const name in value) return member(value[name])
    return true
  }

/** An object with these members; there may be others, which a later version has added. */
export function shape<T extends object>(members: Members<T>): Check<T> {
  const names = Object.keys(members)
  const checks: readonly Check<unknown>[] = Object.values(members)
  return (value): value is T => {
    if (!isRecord(value)) return false
    for (let index = 0; index < names.length; index++) if (!checks[index]!(value[names[index]!])) return false
    return true
  }
}
