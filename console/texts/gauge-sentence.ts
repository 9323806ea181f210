import type { GaugeView } from '../../src/api/views.ts'
import { bytesText, clockText, countText, durationText } from './quantity.ts'

/** Short, for the pipeline's picture. */
export function firesText({ buffered, dueAt, firesFirst }: GaugeView, now: number): string {
  if (buffered.records === 0 || dueAt === undefined) return 'empty'
  return firesFirst === 'size'
    ? `${countText(buffered.records, 'record')}; size fires first`
    : `${countText(buffered.records, 'record')}; fires in ${clockText(dueAt - now)} by interval`
}

/** How long its destination has been failing, and what waits for it. */
export function standstillText({ failingSince, waiting }: GaugeView, now: number): string {
  const { records, bytes, oldestArrival } = waiting
  const failing =
    failingSince === undefined
      ? ''
      : `Its destination has been failing for ${durationText(now - failingSince)}. `
  const oldest = oldestArrival === undefined ? '' : `, the oldest for ${durationText(now - oldestArrival)}`
  return `${failing}${countText(records, 'record')} (${bytesText(bytes)}) ${records === 1 ? 'waits' : 'wait'}${oldest}.`
}

/** Before its stream takes what is not delivered; undefined while that is far off. */
export function lossText({ firstLostAt }: GaugeView, now: number): string | undefined {
  if (firstLostAt === undefined) return undefined
  if (firstLostAt <= now) return 'The stream no longer keeps the oldest records: they are being lost.'
  return `The stream keeps the first of them for another ${durationText(firstLostAt - now)}, then it is lost.`
}

/** What will happen, in one sentence; `bytesPerSecond` is the present rate. */
export function gaugeSentence(gauge: GaugeView, now: number, bytesPerSecond: number): string {
  const { buffered, hints, dueAt, failures, retryAt } = gauge
  if (failures > 0) {
    const again = retryAt === undefined ? 'soon' : `in ${durationText(Math.max(0, retryAt - now))}`
    return `${countText(failures, 'attempt')} failed; it is tried again ${again}${gauge.firstLostAt === undefined ? ', and nothing is lost meanwhile' : ''}.`
  }
  if (buffered.records === 0 || dueAt === undefined)
    return `The buffer is empty. The first record starts the ${durationText(hints.intervalMs)} interval.`
  const untilIntervalMs = Math.max(0, dueAt - now)
  const untilSizeMs =
    bytesPerSecond > 0
      ? ((hints.sizeBytes - buffered.bytes) / bytesPerSecond) * 1_000
      : Number.POSITIVE_INFINITY
  const [first, inMs] =
    untilSizeMs < untilIntervalMs ? ['size', untilSizeMs] : ['the interval', untilIntervalMs]
  return bytesPerSecond > 0
    ? `At the present rate ${first} fires first, in about ${durationText(Math.max(0, inMs))}.`
    : `Nothing is arriving: the interval fires in ${durationText(untilIntervalMs)}.`
}
