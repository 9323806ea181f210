import {
  genericZoneName,
  isoOffset,
  localizedOffset,
  weekOf,
  weekOfMonth,
  type ZonedTime,
  zoneName,
} from './zoned-time.ts'

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

/** Prints one field of a moment. */
type Printer = (time: ZonedTime) => string

/** What `count` letters in a row mean; undefined: java.time refuses that many. */
type Letter = (count: number) => Printer | undefined

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const QUARTERS = ['1st', '2nd', '3rd', '4th'].map((ordinal) => `${ordinal} quarter`)
const ERAS = { short: ['BC', 'AD'], full: ['Before Christ', 'Anno Domini'], narrow: ['B', 'A'] }
const MAX_WIDTH = 19

const number = (fieldOf: (time: ZonedTime) => number, ...widths: number[]): Letter => {
  return (count) =>
    widths.includes(count) ? (time) => String(fieldOf(time)).padStart(count, '0') : undefined
}
const padded = (fieldOf: (time: ZonedTime) => number): Letter => {
  return (count) => (count <= MAX_WIDTH ? (time) => String(fieldOf(time)).padStart(count, '0') : undefined)
}
/** Two letters: the last two digits. */
const year = (yearOf: (time: ZonedTime) => number): Letter => {
  const whole = padded(yearOf)
  return (count) => (count === 2 ? (time) => String(yearOf(time) % 100).padStart(2, '0') : whole(count))
}
const text = (indexOf: (time: ZonedTime) => number, full: readonly string[]): Letter => {
  return (count) => {
    if (count === 4) return (time) => full[indexOf(time)]!
    if (count === 3) return (time) => full[indexOf(time)]!.slice(0, 3)
    return count === 5 ? (time) => full[indexOf(time)]!.slice(0, 1) : undefined
  }
}
const either =
  (...letters: Letter[]): Letter =>
  (count) =>
    letters.map((letter) => letter(count)).find((printer) => printer)
const only =
  (counts: readonly number[], print: (time: ZonedTime, count: number) => string): Letter =>
  (count) =>
    counts.includes(count) ? (time) => print(time, count) : undefined

const month = either(
  number(({ month }) => month, 1, 2),
  text(({ month }) => month - 1, MONTHS),
)
const dayOfWeekText = text(({ dayOfWeek }) => dayOfWeek - 1, DAYS)
const dayOfWeek = (...widths: number[]) =>
  either(
    number(({ dayOfWeek }) => dayOfWeek, ...widths),
    dayOfWeekText,
  )
const quarterOf = ({ month }: ZonedTime) => Math.ceil(month / 3)
const quarter = either(
  number(quarterOf, 1, 2),
  only([3], (time) => `Q${quarterOf(time)}`),
  only([4], (time) => QUARTERS[quarterOf(time) - 1]!),
  only([5], (time) => String(quarterOf(time))),
)
const secondOfDay = ({ hour, minute, second }: ZonedTime) => hour * 3600 + minute * 60 + second
const hourOfHalf = ({ hour }: ZonedTime) => hour % 12
const eraOf = ({ year }: ZonedTime) => (year > 0 ? 1 : 0)
/** Days from the Modified Julian Date's first to 1970. */
const JULIAN_DAYS_BEFORE_1970 = 40_587

/**
 * Every letter that java.time (JDK 17, US English) prints for a moment in a zone; the others are refused.
 * https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/time/format/DateTimeFormatterBuilder.html
 */
const LETTERS: Readonly<Record<string, Letter>> = {
  G: either(
    only([1, 2, 3], (time) => ERAS.short[eraOf(time)]!),
    only([4], (time) => ERAS.full[eraOf(time)]!),
    only([5], (time) => ERAS.narrow[eraOf(time)]!),
  ),
  u: year(({ year }) => year),
  y: year(({ year }) => year),
  Y: year((time) => weekOf(time).weekYear),
  Q: quarter,
  q: quarter,
  M: month,
  L: month,
  w: number((time) => weekOf(time).week, 1, 2),
  W: number(weekOfMonth, 1),
  d: number(({ day }) => day, 1, 2),
  D: number(({ dayOfYear }) => dayOfYear, 1, 2, 3),
  F: number(({ day }) => ((day - 1) % 7) + 1, 1),
  g: padded(({ epochDay }) => epochDay + JULIAN_DAYS_BEFORE_1970),
  E: either((count) => (count < 3 ? dayOfWeekText(3) : undefined), dayOfWeekText),
  e: dayOfWeek(1, 2),
  c: dayOfWeek(1),
  a: only([1], ({ hour }) => (hour < 12 ? 'AM' : 'PM')),
  B: only([1, 4, 5], dayPeriod),
  H: number(({ hour }) => hour, 1, 2),
  k: number(({ hour }) => hour || 24, 1, 2),
  K: number(hourOfHalf, 1, 2),
  h: number((time) => hourOfHalf(time) || 12, 1, 2),
  m: number(({ minute }) => minute, 1, 2),
  s: number(({ second }) => second, 1, 2),
  S: only([1, 2, 3, 4, 5, 6, 7, 8, 9], ({ nano }, count) => String(nano).padStart(9, '0').slice(0, count)),
  n: padded(({ nano }) => nano),
  N: padded((time) => secondOfDay(time) * 1_000_000_000 + time.nano),
  A: padded((time) => secondOfDay(time) * 1000 + Math.floor(time.nano / 1_000_000)),
  V: only([2], ({ zone }) => zone),
  z: only([1, 2, 3, 4], (time, count) => zoneName(time, count === 4)),
  v: only([1, 4], (time, count) => genericZoneName(time, count === 4)),
  Z: either(
    only([1, 2, 3], (time) => isoOffset(time, 2, '+0000')),
    only([4], (time) => localizedOffset(time, true)),
    only([5], (time) => isoOffset(time, 5, 'Z')),
  ),
  O: only([1, 4], (time, count) => localizedOffset(time, count === 4)),
  X: only([1, 2, 3, 4, 5], (time, count) => isoOffset(time, count, 'Z')),
  x: only([1, 2, 3, 4, 5], (time, count) => isoOffset(time, count, ZERO_OFFSETS[count]!)),
}

const ZERO_OFFSETS = ['', '+00', '+0000', '+00:00', '+0000', '+00:00']

function dayPeriod({ hour, minute }: ZonedTime): string {
  if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'noon'
  if (hour >= 6 && hour < 12) return 'in the morning'
  if (hour >= 12 && hour < 18) return 'in the afternoon'
  return hour >= 18 && hour < 21 ? 'in the evening' : 'at night'
}
