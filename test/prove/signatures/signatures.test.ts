import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { signatures } from './signatures.ts'

test('what another signer signs is taken, and refused when any part of it was changed', async () => {
  const { failures, rows } = await signatures.prove({ seed: TEST_SEED, rounds: 300, say: () => undefined })
  assert.deepEqual(failures, [])
  assert.equal(rows.length, 6, 'every form')
})
