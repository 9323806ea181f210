import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder } from '../../process.ts'
import { applies, apply, copyCheckout, listMutants, runCatcher } from './mutant.ts'

const mutants = listMutants()
const HARNESSES = ['model', 'crash', 'power', 'damage']

test('every mutant fits the sources as they are, and says what catches it', () => {
  assert.deepEqual(
    mutants.filter((mutant) => !applies(mutant)).map(({ name }) => name),
    [],
  )
  const unknown = mutants.filter(({ caughtBy }) => !HARNESSES.includes(caughtBy) && !existsSync(caughtBy))
  assert.deepEqual(unknown, [])
  assert.ok(mutants.length >= 10)
})

test('a mutant is caught by its test', async (context) => {
  const mutant = mutants.find(({ name }) => name === 'rewritten-segment-leaves-runs-behind')!
  const folder = temporaryFolder(context)
  copyCheckout(folder)
  apply(mutant, folder)
  const { isCaught, said } = await runCatcher(folder, mutant.caughtBy, 1)
  assert.ok(isCaught, said)
  assert.match(said, /rewritten twice/)
})
