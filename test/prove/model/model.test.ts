import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { model } from './model.ts'

test('in random worlds every acknowledged record is in exactly one place or named as gone, in its order', async () => {
  // The world of TEST_SEED itself speaks to another S3 that refuses for days, which takes long.
  const { failures } = await model.prove({ seed: TEST_SEED + 1, rounds: 3, say: () => undefined })
  assert.deepEqual(failures, [])
})
