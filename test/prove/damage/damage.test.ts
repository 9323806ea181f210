import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proveDamage } from './damage.ts'

test('a damaged file is refused by name, served rightly or named', async (context) => {
  const seed = Date.now() % 1_000_000
  const say = (line: string) => context.diagnostic(line)
  const { failures } = await proveDamage({ seed, rounds: 1, say }, { most: 4, isSmall: true })
  assert.deepEqual(failures, [])
})
