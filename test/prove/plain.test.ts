import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plain } from './plain/plain.ts'
import { TEST_SEED } from './seeded.ts'

test('a put that is read straight from its bytes is answered and stored as one that is parsed', async (t) => {
  const verdict = await plain.prove({ seed: TEST_SEED, rounds: 600, say: (line) => t.diagnostic(line) })
  assert.deepEqual(verdict.failures, [])
  for (const [way, puts, plain, taken, refused] of verdict.rows) {
    assert.ok(Number(plain) > Number(puts) / 3, `${way}: ${plain} were plain`)
    assert.ok(Math.min(Number(taken), Number(refused)) > Number(puts) / 10, `${way}: ${taken} were taken`)
  }
})
