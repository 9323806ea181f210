import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEngine } from '../src/engine/memory/memory-engine.ts'
import { EngineError } from '../src/engine/ports/engine.ts'
import { createProblems } from '../src/metrics/problems.ts'
import { forgetDamaged } from '../src/server/documents/persisted.ts'
import { unexpectedErrors } from '../src/server/log.ts'

test('damage is said once for each place, without a stack, and a full disk not at all; a bug of ours shows its stack', () => {
  const lines: string[] = []
  const line = (message: string) => void lines.push(message)
  const hear = unexpectedErrors({ error: line, warn: line })
  for (let time = 0; time < 3; time++)
    for (const place of ['a', 'b']) hear(new EngineError('Damaged', `the document ${place} is damaged`))
  assert.deepEqual(lines, ['the document a is damaged', 'the document b is damaged'])
  hear(new EngineError('StorageFull', 'the disk is full'))
  hear(new EngineError('Unavailable', 'nobody knows'))
  hear(new Error('a bug'))
  hear('no error')
  assert.match(lines.slice(2).join('\n'), /^nobody knows\nError: a bug\n +at .*\n(.*\n)*no error$/)
})

test("a server's own document that is damaged is said, and forgotten; the others stay", async () => {
  const problems = createProblems({ now: () => 0, warn: () => {}, info: () => {} })
  const { metadata } = createMemoryEngine({ clock: { now: () => 0 } })
  const meters = { since: 0, used: {}, running: [] }
  await metadata.commit([
    { put: 'standpipe/clock', value: { offsetMs: 0 } },
    { put: 'standpipe/meters', value: meters },
    { put: 'standpipe/certificate', value: 'no certificate' },
  ])
  const damaged: typeof metadata = {
    ...metadata,
    async get(key) {
      if (key === 'standpipe/clock') throw new EngineError('Damaged', key)
      return metadata.get(key)
    },
  }
  await forgetDamaged(damaged, problems)
  assert.deepEqual(
    problems.list().map(({ where }) => where),
    ['standpipe/clock', 'standpipe/certificate'],
  )
  assert.match(problems.list()[0]!.what, /machine time/)
  assert.equal(await metadata.get('standpipe/clock'), undefined)
  assert.equal(await metadata.get('standpipe/certificate'), undefined)
  assert.deepEqual((await metadata.get('standpipe/meters'))?.value, meters)
})

test('an error of our own is logged with the request that met it', () => {
  const lines: unknown[] = []
  const hear = unexpectedErrors({
    error: (_, fields) => lines.push(fields),
    warn: (_, fields) => lines.push(fields),
  })
  const request = { requestId: 'r-1', account: '123456789012', asked: 'Kinesis PutRecord' }
  hear(new Error('a bug'), request)
  hear(new EngineError('Unavailable', 'gone'), request)
  const named = { requestId: 'r-1', operation: 'Kinesis PutRecord', account: '123456789012' }
  assert.deepEqual(lines, [named, { code: 'Unavailable', ...named }])
})
