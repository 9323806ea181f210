import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScenario } from './harness.ts'
import type { Scenario } from './scenario.ts'

/** A few rounds of what `npm run test:crash` does for minutes. */
const SHORT: readonly Scenario[] = [
  { source: 'Direct PUT', variant: 'gzip' },
  { source: 'Kinesis', variant: 'split' },
  { source: 'Kinesis', variant: 'partitioned' },
  { source: 'channel', variant: 'gzip' },
]

test('a server that is killed again and again delivers each acknowledged record once', async () => {
  const verdicts = await Promise.all(SHORT.map((scenario, index) => runScenario(scenario, 2, index * 3 + 1)))
  for (const { acknowledged, lost, doubled, misplaced } of verdicts) {
    assert.ok(acknowledged >= 20, `only ${acknowledged} records were acknowledged`)
    assert.deepEqual({ lost, doubled, misplaced }, { lost: [], doubled: [], misplaced: [] })
  }
})
