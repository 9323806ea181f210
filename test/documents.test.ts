import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compatibility } from '../scripts/compatibility.ts'
import { settingsPage } from '../scripts/settings.ts'

const textOf = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

test('COMPATIBILITY.md says what the operation tables say', () => {
  assert.equal(textOf('COMPATIBILITY.md'), compatibility(), 'run: npm run compatibility')
})

test('docs/settings.md says what the table of settings says', () => {
  assert.equal(textOf('docs/settings.md'), settingsPage(), 'run: npm run settings')
})
