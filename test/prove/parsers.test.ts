import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusOf } from './parsers/corpus.ts'
import { TARGETS } from './parsers/targets/targets.ts'

for (const [name, target] of Object.entries(TARGETS))
  test(`${name}: what a fuzzer found to reach something new is read or refused`, async (t) => {
    const inputs = corpusOf(name)
    assert.ok(inputs.length > target.seeds.length, 'its corpus was kept')
    const broken: string[] = []
    for (const input of inputs)
      try {
        await target.run(input)
      } catch (error) {
        broken.push(`${input.toString('base64')}: ${error}`)
      }
    assert.deepEqual(broken, [])
    t.diagnostic(`${inputs.length} inputs`)
  })
