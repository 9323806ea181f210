import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isStalled, isTooSlow } from '../../../src/wire/flight/progress.ts'

test('an answer is stalled when there is something to take and nothing of it was taken for a minute', () => {
  assert.equal(isStalled({ unsentBytes: 1, movedAt: 0 }, 59_999), false)
  assert.equal(isStalled({ unsentBytes: 1, movedAt: 0 }, 60_000), true)
  assert.equal(isStalled({ unsentBytes: 1, movedAt: 30_000 }, 60_000), false)
  assert.equal(isStalled({ unsentBytes: 0, movedAt: 0 }, 3_600_000), false, 'nothing to take')
})

test('a body has to have come at 1 KiB/s once it was waited for 20 s', () => {
  const from = { awaitedMs: 0, awaitedSince: 0 }
  assert.equal(isTooSlow({ bytes: 0, ...from }, 19_999), false)
  assert.equal(isTooSlow({ bytes: 20 * 1_024 - 1, ...from }, 20_000), true)
  assert.equal(isTooSlow({ bytes: 20 * 1_024, ...from }, 20_000), false)
  assert.equal(isTooSlow({ bytes: 100 * 1_024, ...from }, 100_001), true)
})

test('time in which this server did not want the body does not count', () => {
  assert.equal(isTooSlow({ bytes: 0, awaitedMs: 19_000, awaitedSince: undefined }, 3_600_000), false)
  assert.equal(isTooSlow({ bytes: 0, awaitedMs: 19_000, awaitedSince: 3_600_000 }, 3_600_999), false)
  assert.equal(isTooSlow({ bytes: 0, awaitedMs: 19_000, awaitedSince: 3_600_000 }, 3_601_000), true)
})
