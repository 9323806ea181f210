import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { model } from './model.ts'

test('in random worlds every acknowledged record is in exactly one place or named as gone, in its order', async () => {
  const { failures } = await model.prove({ seed: TEST_SEED, rounds: 4, say: () => undefined })
  assert.deepEqual(failures, [])
})
