import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz/fuzz.ts'

test('odd requests are answered with exceptions, and nothing is said on stderr', async (t) => {
  const verdict = await fuzz.prove({ seed: 1, rounds: 1_500, say: (line) => t.diagnostic(line) })
  assert.deepEqual(verdict.failures, [])
  for (const [protocol, , answered] of verdict.rows) assert.ok(Number(answered) > 0, String(protocol))
})
