import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { runMixed } from './run-mixed.ts'
import { runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'

const seed = TEST_SEED

test('a server that is killed again and again under everything at once keeps every promise', async (context) => {
  context.diagnostic(`seed ${seed}`)
  const { acknowledged, broken } = await runMixed({
    seed,
    rounds: 3,
    leastAcknowledged: 20,
    say: (line) => context.diagnostic(line),
  })
  assert.deepEqual(broken, [])
  assert.ok(acknowledged >= 20, `only ${acknowledged} records were acknowledged`)
})

/** Of the scenarios that `npm run prove -- crash` runs through. */
const SHORT: readonly Scenario[] = [{ source: 'Kinesis', variant: 'split' }]

test('a server that is killed again and again delivers each acknowledged record once', async () => {
  const outcomes = await Promise.all(
    SHORT.map((scenario, index) => runScenario(scenario, 2, index * 3 + (seed % 8))),
  )
  for (const { acknowledged, lost, doubled, misplaced } of outcomes) {
    assert.ok(acknowledged >= 20, `only ${acknowledged} records were acknowledged`)
    assert.deepEqual({ lost, doubled, misplaced }, { lost: [], doubled: [], misplaced: [] })
  }
})
