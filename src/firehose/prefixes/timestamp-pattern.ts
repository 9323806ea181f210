import { LETTERS, type Printer } from './timestamp-letters.ts'
import type { ZonedTime } from './zoned-time.ts'

/**
 * The date patterns of `!{timestamp:…}`: AWS reads them with java.time's DateTimeFormatter, and refuses
 * exactly the letters that it refuses. Undefined: not a pattern.
 * https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/time/format/DateTimeFormatter.html#patterns
 */
export function parsePattern(pattern: string): Printer | undefined {
  const printers: Printer[] = []
  let depth = 0
  let width = 0
  const add = (printer: Printer) => {
    const padTo = width
    printers.push(padTo > 0 ? (time) => printer(time).padStart(padTo) : printer)
    width = 0
  }
  for (const [token] of pattern.matchAll(/([a-zA-Z])\1*|''|'(?:[^']|'')*'|./gs)) {
    const letter = token[0]!
    if (letter === 'p') {
      if (width > 0) return undefined
      width = token.length
    } else if (/[a-zA-Z]/.test(letter)) {
      const printer = LETTERS[letter]?.(token.length)
      if (!printer) return undefined
      add(printer)
    } else if (width > 0) {
      return undefined
    } else if (letter === "'") {
      if (token.length === 1) return undefined
      const quoted = token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'")
      add(() => quoted)
    } else if (letter === '[') {
      depth++
    } else if (letter === ']') {
      if (--depth < 0) return undefined
    } else {
      if ('{}#'.includes(letter)) return undefined
      add(() => token)
    }
  }
  return width > 0 ? undefined : (time) => printers.map((print) => print(time)).join('')
}

/** Prints with a pattern that `parsePattern` accepts. */
export function formatPattern(pattern: string, time: ZonedTime): string {
  const print = parsePattern(pattern)
  if (!print) throw new Error(`not a date pattern: ${pattern}`)
  return print(time)
}
