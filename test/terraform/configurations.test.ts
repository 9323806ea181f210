import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configurationsIn } from './configurations.ts'

test('each configuration says what it is, names its own resources and has something to update', () => {
  const configurations = configurationsIn('configurations')
  assert.ok(configurations.length >= 30, `${configurations.length} configurations`)
  for (const { name, text } of configurations) {
    assert.match(text, /^# .+\.\n/, name)
    assert.match(text, /\bvar\.name\b/, name)
    assert.match(text, /\bvar\.updated\b/, name)
  }
})

test('each refusal says in which words, and of which resources', () => {
  for (const { name, text } of configurationsIn('refusals')) {
    assert.match(text, /^# refused: .+\n/, name)
    assert.match(text, /^resource "\w+" "(\w+_)?refused" \{$/m, name)
  }
})
