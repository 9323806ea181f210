import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  behind,
  cutBy,
  few,
  furthest,
  goneOf,
  isKnownIn,
  sumOf,
  withPiece,
} from '../../src/delivery/line/counts.ts'
import type { LogPosition, LogRange } from '../../src/delivery/reading/log-range.ts'

const HOUR = 3_600_000
const entry = (log: string, position: number, hour = 0): LogRange => ({
  ...{ group: 'g', log, from: position, to: position + 1, records: 1, bytes: 10 },
  ...{ firstArrival: hour * HOUR, lastArrival: hour * HOUR },
})
const at = (log: string, next: number, more: Partial<LogPosition> = {}): LogPosition => ({
  ...{ group: 'g', log, shardId: log, next },
  ...more,
})
const counted = (entries: readonly LogRange[]) =>
  entries.reduce((pieces: LogRange[], one) => withPiece(pieces, one), [])

/** Positions of one log with gaps between them, each with the hour in which it arrived. */
const arrivals = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 5 }), hours: fc.integer({ min: 0, max: 2 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((steps) => {
    let [position, hour] = [0, 0]
    return steps.map(({ step, hours }) => {
      position += step
      hour += hours
      return entry('a', position, hour)
    })
  })

test('what is gone is what was counted, without what is in the buffer and what can still be read', () => {
  fc.assert(
    fc.property(arrivals, fc.nat(), fc.nat(), fc.boolean(), (entries, one, other, isFew) => {
      const [taken, lost] = [one % (entries.length + 1), other % (entries.length + 1)]
      const pieces = isFew ? few(counted(entries), 1) : counted(entries)
      const buffered = entries.slice(0, taken)
      const gone = entries.slice(taken, taken + lost)
      const rest = entries.slice(taken + lost)
      const from = buffered.at(-1)?.to ?? 0
      const gap = { group: 'g', log: 'a', from, to: rest[0]?.from ?? entries.at(-1)!.to }
      const cut = cutBy(pieces, gap)
      const left = sumOf(cut ? rest.filter((range) => range.from < cut.to) : [])
      const found = goneOf(pieces, gap, { held: buffered, left })
      assert.equal(found?.records ?? 0, gone.length)
      if (isKnownIn(pieces, gap)) assert.ok(gone.length > 0)
    }),
  )
})

test('what a line takes leaves the rest of what was counted, exactly', () => {
  fc.assert(
    fc.property(arrivals, fc.nat(), (entries, number) => {
      const taken = number % (entries.length + 1)
      const after = [at('a', entries[taken - 1]?.to ?? 0)]
      const left = behind(counted(entries), after, entries.slice(0, taken))
      assert.deepEqual(sumOf(left), sumOf(entries.slice(taken)))
    }),
  )
})

test('a shard that the line has not seen yet is still ahead, and one that it names no more is behind it', () => {
  const pieces = [entry('a', 1), entry('b', 2), entry('c', 3)]
  const logsOf = (after: LogPosition[]) => behind(pieces, after, []).map(({ log }) => log)
  assert.deepEqual(logsOf([at('a', 0)]), ['a', 'b', 'c'])
  assert.deepEqual(logsOf([at('b', 0)]), ['b', 'c'])
  assert.deepEqual(logsOf([at('b', 3, { done: true })]), ['c'])
})

test('counting goes on where it was; a parent that it is through with is not counted again', () => {
  const [counting, line] = [
    [at('b', 5), at('c', 9)],
    [at('a', 3), at('b', 0)],
  ]
  assert.deepEqual(furthest(counting, line), counting)
  assert.deepEqual(furthest([at('a', 3)], [at('a', 7), at('b', 0)]), [at('a', 7), at('b', 0)])
})
