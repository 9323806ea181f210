import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { IS_EXPECTED } from './backlog.ts'
import { floorOfEachMinute, growthPerMinute, percentile, toldGrowth } from './figures.ts'
import { idle } from './idle.ts'
import { load, unexpectedIn } from './load.ts'

const SECONDS = 1 / 60
const ACTS = ['PutRecord', 'PutRecords', 'PutRecordBatch', 'GetRecords', 'PutObject', 'GetObject']

test('growth is that of the line that fits best, in a minute', () => {
  const seen = Array.from({ length: 60 }, (_, second) => ({
    atMs: second * 1_000,
    value: 100 + 2 * second + (second % 2),
  }))
  assert.ok(Math.abs(growthPerMinute(seen) - 120) < 1)
  assert.equal(percentile([3, 1, 2], 0.5), 2)
  assert.equal(percentile([3, 1, 2], 0.999), 3)
})

test('a sawtooth that comes back to where it was does not grow', () => {
  const seen = Array.from({ length: 600 }, (_, second) => ({ atMs: second * 1_000, value: second % 50 }))
  assert.ok(Math.abs(growthPerMinute(floorOfEachMinute(seen))) < 1)
})

test('the growth of what was seen once is not told', () => {
  assert.equal(toldGrowth(growthPerMinute([{ atMs: 0, value: 1 }])), 'too short to tell')
  assert.equal(toldGrowth(1.234), 1.23)
})

test('what the log says under load is seen, but for what was to be expected', () => {
  const output = ['{"errorCode":"S3.NoSuchBucket"}', '{"level":"error","message":"a stack"}', ''].join('\n')
  assert.deepEqual(unexpectedIn(output, IS_EXPECTED), ['the log says: {"level":"error","message":"a stack"}'])
  assert.equal(unexpectedIn(output).length, 2)
  assert.deepEqual(unexpectedIn(''), [])
})

test('under load nothing is refused, lost or doubled', { timeout: 60_000 }, async (t) => {
  const verdict = await load.prove({
    seed: TEST_SEED,
    rounds: 2 * SECONDS,
    say: (line) => t.diagnostic(line),
  })
  if (verdict.skipped !== undefined) return t.skip(verdict.skipped)
  // Pauses are for a quiet machine.
  const broken = verdict.failures.filter((line) => !/^\d+ pauses/.test(line))
  assert.deepEqual(broken, [])
  const figures = new Map(verdict.rows.map(([what = '', figure]) => [what, figure]))
  assert.equal(figures.get('growth of RSS, MiB a minute'), 'too short to tell')
  assert.deepEqual(
    ACTS.filter((act) => !figures.has(`${act}, ms: p50 p99 p99.9`)),
    [],
    'nobody has seen how long these take',
  )
})

test('two idle hours leave nothing behind', { timeout: 60_000 }, async (t) => {
  const verdict = await idle.prove({ seed: TEST_SEED, rounds: 2, say: (line) => t.diagnostic(line) })
  if (verdict.skipped !== undefined) return t.skip(verdict.skipped)
  assert.deepEqual(
    verdict.failures.filter((line) => !line.startsWith('idle takes')),
    [],
  )
})
