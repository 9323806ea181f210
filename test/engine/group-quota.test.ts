import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGroupQuotas } from '../../src/engine/ports/group-quota.ts'

/** Groups of 100 bytes, each measured in so many ms. */
function measured(tookMs: number) {
  const calls = { count: 0 }
  const quotas = createGroupQuotas({
    bytesOf() {
      calls.count++
      for (const until = performance.now() + tookMs; performance.now() < until; );
      return 100
    },
  })
  return { quotas, calls }
}

test('what is let in is counted, and measured only when it seems too much', () => {
  const { quotas, calls } = measured(0)
  for (let more = 0; more < 5; more++) assert.equal(quotas.excess('g', 20, 200), undefined)
  assert.equal(calls.count, 1)
  assert.equal(quotas.excess('g', 20, 200), undefined, 'what was trimmed meanwhile is room again')
  assert.equal(quotas.excess('g', 101, 200), 100)
  assert.equal(quotas.excess('g', 101, 200), 100)
  assert.equal(calls.count, 4)
})

test('a group that takes long to measure is not measured for each call that is refused', () => {
  const { quotas, calls } = measured(5)
  for (let more = 0; more < 100; more++) assert.equal(quotas.excess('g', 101, 200), 100)
  assert.equal(calls.count, 1)
  // It is again, in time.
  while (calls.count === 1) assert.equal(quotas.excess('g', 101, 200), 100)
})
