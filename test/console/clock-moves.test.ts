import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMove, isByMovedClock } from '../../src/insight/clock-moves.ts'

test('a delivery is by a moved clock when its records waited while the clock was moved', () => {
  const moves = [{ from: 100, to: 400 }]
  const delivery = (oldestArrival: number, deliveredAt: number) => ({ oldestArrival, deliveredAt })
  assert.equal(isByMovedClock(delivery(90, 400), moves), true)
  assert.equal(isByMovedClock(delivery(90, 390), moves), true, 'it came due within the move')
  assert.equal(isByMovedClock(delivery(50, 100), moves), false, 'it was there before')
  assert.equal(isByMovedClock(delivery(400, 700), moves), false, 'its records came afterwards')
})

test('moves of a clock that stands still in between are remembered as one', () => {
  const moves = addMove(addMove([], { from: 0, to: 5 }), { from: 5, to: 9 })
  assert.deepEqual(moves, [{ from: 0, to: 9 }])
  assert.deepEqual(addMove(moves, { from: 10, to: 12 }), [
    { from: 0, to: 9 },
    { from: 10, to: 12 },
  ])
})
