import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDuration } from '../../src/clock/duration.ts'

const cases: [string | number, number | undefined][] = [
  ['5m', 300_000],
  ['+5m', 300_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  [' 2d ', 172_800_000],
  ['0.5s', 500],
  [1_000, 1_000],
  [-1, undefined],
  [Number.NaN, undefined],
  ['5', undefined],
  ['-5m', undefined],
  ['5m later', undefined],
  ['', undefined],
  ['366d', 366 * 86_400_000],
  ['100000d', 100_000 * 86_400_000],
  // Whether a clock gets that far is asked of the clock.
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
]

for (const [text, expected] of cases) {
  test(`the duration ${JSON.stringify(text)} is ${expected ?? 'refused'}`, () => {
    assert.equal(parseDuration(text), expected)
  })
}
