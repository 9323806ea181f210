import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compatibility } from '../scripts/compatibility.ts'
import { settingsPage } from '../scripts/settings.ts'
import { PROBLEM_CODES } from '../src/metrics/problems.ts'

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('COMPATIBILITY.md says what the operation tables say', () => {
  assert.equal(textOf('COMPATIBILITY.md'), compatibility(), 'run: npm run compatibility')
})

test('docs/settings.md says what the table of settings says', () => {
  assert.equal(textOf('docs/settings.md'), settingsPage(), 'run: npm run settings')
})

test('docs/reliability.md says of every problem what it means, and of nothing else', () => {
  const rows = textOf('docs/reliability.md')
    .split('| code | it means |\n|---|---|\n')[1]!
    .split('\n\n')[0]!
    .split('\n')
  const said = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, code]) => code))
  assert.deepEqual(said.toSorted(), PROBLEM_CODES.toSorted())
})
