import type { ZonedTime } from './zoned-time.ts'

/** How java.time prints offsets and the names of time zones, by the number of pattern letters. */

const two = (value: number) => String(value).padStart(2, '0')

function partsOf(offsetSeconds: number) {
  const size = Math.abs(offsetSeconds)
  return {
    sign: offsetSeconds < 0 ? '-' : '+',
    hours: Math.floor(size / 3600),
    minutes: Math.floor(size / 60) % 60,
    seconds: size % 60,
  }
}

/** `X` and `x`: +09, +0900, +09:00, +090000, +09:00:00; the minutes or seconds of a round offset may be left out. */
export function isoOffset({ offsetSeconds }: ZonedTime, count: number, zero: string): string {
  if (offsetSeconds === 0) return zero
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds)
  const colon = count === 3 || count === 5 ? ':' : ''
  const withMinutes = count > 1 || minutes > 0 ? colon + two(minutes) : ''
  const withSeconds = count > 3 && seconds > 0 ? colon + two(seconds) : ''
  return sign + two(hours) + withMinutes + withSeconds
}

/** `O` and `OOOO`: GMT+9, GMT+09:00. */
export function localizedOffset({ offsetSeconds }: ZonedTime, isFull: boolean): string {
  if (offsetSeconds === 0) return 'GMT'
  const { sign, hours, minutes, seconds } = partsOf(offsetSeconds)
  const withMinutes = isFull || minutes > 0 || seconds > 0 ? `:${two(minutes)}` : ''
  return `GMT${sign}${isFull ? two(hours) : hours}${withMinutes}${seconds > 0 ? `:${two(seconds)}` : ''}`
}

/** `z` and `zzzz`: PDT, Pacific Daylight Time. */
export function zoneName(time: ZonedTime, isFull: boolean): string {
  if (time.zone === 'UTC') return isFull ? 'Coordinated Universal Time' : 'UTC'
  const name = nameOf(time, 'long')
  return isFull ? name : initialsOf(name.replace('European Standard', 'European'))
}

/** `v` and `vvvv`, whatever the season: PT, Pacific Time. */
export function genericZoneName(time: ZonedTime, isFull: boolean): string {
  if (time.zone === 'UTC') return zoneName(time, isFull)
  const name = nameOf(time, 'longGeneric').replace(' Standard', '')
  return isFull ? name : initialsOf(name)
}

const nameOf = ({ epochMs, zone }: ZonedTime, timeZoneName: 'long' | 'longGeneric'): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName })
    .formatToParts(epochMs)
    .find(({ type }) => type === 'timeZoneName')?.value ?? zone

/** Java keeps its own table of short names; for zones that have a named time they are its initials. */
const initialsOf = (name: string): string =>
  name.startsWith('GMT')
    ? name
    : name
        .split(/[ -]/)
        .map((word) => word[0])
        .join('')
