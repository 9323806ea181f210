import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compatibility } from '../scripts/compatibility.ts'

test('COMPATIBILITY.md says what the operation tables say', () => {
  const page = readFileSync(new URL('../COMPATIBILITY.md', import.meta.url), 'utf8')
  assert.equal(page, compatibility(), 'run: npm run compatibility')
})
