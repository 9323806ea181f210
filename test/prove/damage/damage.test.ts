import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TEST_SEED } from '../seeded.ts'
import { proveDamage } from './damage.ts'

test('a damaged file is refused by name, served rightly or named', async (context) => {
  const say = (line: string) => context.diagnostic(line)
  const { failures } = await proveDamage({ seed: TEST_SEED, rounds: 1, say }, { most: 4, isSmall: true })
  assert.deepEqual(failures, [])
})
