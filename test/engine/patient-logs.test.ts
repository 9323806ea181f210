import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patientLogs } from '../../src/engine/patient-logs.ts'
import { EngineError, type LogStore } from '../../src/engine/ports/engine.ts'

const LOG = { group: 'g', log: 'l' }

function failing(code: ConstructorParameters<typeof EngineError>[0], times: number) {
  let asked = 0
  const append: LogStore['append'] = async () => {
    asked++
    if (asked <= times) throw new EngineError(code, 'not now')
    return { first: 7 } as Awaited<ReturnType<LogStore['append']>>
  }
  return { logs: patientLogs({ append } as LogStore), asked: () => asked }
}

test('where nobody is throttled, what is more than the disk can take is appended when it can', async () => {
  const { logs, asked } = failing('Overloaded', 3)
  assert.deepEqual(await logs.append(LOG, [new Uint8Array(1)]), { first: 7 })
  assert.equal(asked(), 4)
})

test('what will not be better by waiting is told at once', async () => {
  const { logs, asked } = failing('StorageFull', 1)
  await assert.rejects(logs.append(LOG, [new Uint8Array(1)]), { code: 'StorageFull' })
  assert.equal(asked(), 1)
})
