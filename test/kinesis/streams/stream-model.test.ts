import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isEngineError, type LogStore } from '../../../src/engine/ports/engine.ts'
import { anySteps, compareWithModel } from './stream-model.ts'

const RUNS = 150

test('whatever is done to a stream, no record is lost, doubled or out of order, and its lineage is right', async () => {
  await fc.assert(
    fc.asyncProperty(anySteps, (steps) => compareWithModel(steps)),
    { numRuns: RUNS },
  )
})

const BUGS: Readonly<Record<string, (logs: LogStore) => LogStore>> = {
  'a sealed log that takes records and loses them': (logs) => ({
    ...logs,
    append: (id, entries) =>
      logs.append(id, entries).catch((error) => {
        if (isEngineError(error, 'LogSealed')) return { first: 2 ** 40 }
        throw error
      }),
  }),
  'an append that is done twice': (logs) => {
    let count = 0
    return {
      ...logs,
      append: async (id, entries) => {
        if (++count === 3) await logs.append(id, entries)
        return await logs.append(id, entries)
      },
    }
  },
  'a seal that comes before what is told': (logs) => ({
    ...logs,
    async read(id, from, limits) {
      const slice = await logs.read(id, from, limits)
      return slice.sealed ? { ...slice, entries: slice.entries.slice(0, -1) } : slice
    },
  }),
}

for (const [name, bugIn] of Object.entries(BUGS))
  test(`the model finds ${name}`, async () => {
    const result = await fc.check(
      fc.asyncProperty(anySteps, (steps) => compareWithModel(steps, bugIn)),
      { numRuns: RUNS, endOnFailure: true },
    )
    assert.ok(result.failed, 'it was not found')
  })
