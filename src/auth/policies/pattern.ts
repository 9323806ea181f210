/** Any number of characters, and exactly one. */
const ANY = Symbol('*')
const ONE = Symbol('?')
/** A text as policies write it: what stands for itself, wildcards, and variables to be filled in. */
type Piece = string | typeof ANY | typeof ONE | Variable
interface Variable {
  /** In lower case, as condition keys are looked up. */
  readonly key: string
  readonly fallback?: string
}
export type Pattern = readonly Piece[]

export interface Reading {
  /** `*` and `?` stand for other characters. */
  readonly hasWildcards: boolean
  /** `${…}` stands for something: only since version 2012-10-17. */
  readonly hasVariables: boolean
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
const VARIABLE = /\$\{(?:([*?$])|([^${},\s][^${},]*)(?:,\s*'([^'{}]*)'\s*)?)\}/g

export function parsePattern(text: string, { hasWildcards, hasVariables }: Reading): Pattern {
  const pieces: Piece[] = []
  const add = (part: string) => pieces.push(...(hasWildcards ? wildcardsOf(part) : part ? [part] : []))
  let end = 0
  for (const match of hasVariables ? text.matchAll(VARIABLE) : []) {
    const [whole, literal, name, fallback] = match
    add(text.slice(end, match.index))
    end = match.index + whole.length
    if (literal !== undefined) pieces.push(literal)
    else pieces.push({ key: name!.trim().toLowerCase(), ...(fallback !== undefined && { fallback }) })
  }
  add(text.slice(end))
  return pieces
}

const wildcardsOf = (text: string): Piece[] =>
  text
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? ANY : part === '?' ? ONE : part))

/** Values of condition keys by their names in lower case; a key that nobody set is absent. */
export interface KeyValues {
  get(key: string): readonly string[] | undefined
}

/** Whether a text is what the pattern says. One with a variable that nobody set says nothing. */
export function fits(pattern: Pattern, text: string, keys: KeyValues): boolean {
  const [only] = pattern
  if (pattern.length === 1 && only === ANY) return true
  const runs: Run[] = [[]]
  for (const piece of pattern)
    if (piece === ANY) runs.push([])
    else {
      const filled = typeof piece === 'object' ? filledIn(piece, keys) : piece
      if (filled === undefined) return false
      runs.at(-1)!.push(filled)
    }
  return fitsRuns(runs, text)
}

/** Whether something stands in the place of each of its variables. */
export const isFilled = (pattern: Pattern, keys: KeyValues): boolean =>
  pattern.every((piece) => typeof piece !== 'object' || filledIn(piece, keys) !== undefined)

/** Of a variable with several values there is no one text. */
function filledIn({ key, fallback }: Variable, keys: KeyValues): string | undefined {
  const values = keys.get(key)
  return values === undefined ? fallback : values.length === 1 ? values[0] : undefined
}

/** What stands between two `*`. */
type Run = (string | typeof ONE)[]

const lengthOf = (run: Run): number => run.reduce((sum, piece) => sum + (piece === ONE ? 1 : piece.length), 0)

/** The first run begins the text, the last one ends it, and the others are found as early as can be. */
function fitsRuns(runs: readonly Run[], text: string): boolean {
  const [first = [], ...others] = runs
  const last = others.pop()
  if (!standsAt(first, text, 0)) return false
  let at = lengthOf(first)
  if (!last) return at === text.length
  for (const run of others) {
    at = find(run, text, at)
    if (at < 0) return false
    at += lengthOf(run)
  }
  const start = text.length - lengthOf(last)
  return start >= at && standsAt(last, text, start)
}

function standsAt(run: Run, text: string, start: number): boolean {
  let at = start
  for (const piece of run) {
    if (piece === ONE ? at >= text.length : !text.startsWith(piece, at)) return false
    at += piece === ONE ? 1 : piece.length
  }
  return true
}

/** Of more pieces than these a text that almost fits everywhere would be compared for as long as their product says. */
const MANY_PIECES = 32

function find(run: Run, text: string, from: number): number {
  if (run.length > MANY_PIECES) return findLong(run, text, from)
  const [head] = run
  const end = text.length - lengthOf(run)
  for (let at = from; at <= end; at++) {
    if (typeof head === 'string') at = text.indexOf(head, at)
    if (at < 0 || at > end) return -1
    if (standsAt(run, text, at)) return at
  }
  return -1
}

/** Keeps in the bits of a number how much of the run each place that was passed may be the beginning of (Shift-And). */
function findLong(run: Run, text: string, from: number): number {
  const units = run.flatMap((piece): Run => (piece === ONE ? [ONE] : piece.split('')))
  const bit = (at: number) => 1n << BigInt(at)
  const anywhere = units.reduce((bits, unit, at) => (unit === ONE ? bits | bit(at) : bits), 0n)
  const places = new Map<string, bigint>()
  for (const [at, unit] of units.entries())
    if (unit !== ONE) places.set(unit, (places.get(unit) ?? anywhere) | bit(at))
  const whole = bit(units.length - 1)
  let begun = 0n
  for (let at = from; at < text.length; at++) {
    // Never more bits than the run has units: the places of each have none beyond them.
    begun = ((begun << 1n) | 1n) & (places.get(text[at]!) ?? anywhere)
    if (begun >= whole) return at - units.length + 1
  }
  return -1
}
