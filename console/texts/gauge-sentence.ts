import type { GaugeView } from '../../src/api/views.ts'
import { clockText, countText, durationText } from './quantity.ts'

/** Short, for the pipeline's picture. */
export function firesText({ buffered, dueAt, firesFirst }: GaugeView, now: number): string {
  if (buffered.records === 0 || dueAt === undefined) return 'empty'
  return firesFirst === 'size'
    ? `${countText(buffered.records, 'record')}; size fires first`
    : `${countText(buffered.records, 'record')}; fires in ${clockText(dueAt - now)} by interval`
}

/** What will happen, in one sentence; `bytesPerSecond` is the present rate. */
export function gaugeSentence(gauge: GaugeView, now: number, bytesPerSecond: number): string {
  const { buffered, hints, dueAt, failures, retryAt } = gauge
  if (failures > 0) {
    const again = retryAt === undefined ? 'soon' : `in ${durationText(Math.max(0, retryAt - now))}`
    return `${countText(failures, 'attempt')} failed; it is tried again ${again}, and nothing is lost meanwhile.`
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
