import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, type LogOptions } from '../../src/server/log.ts'

function linesOf(options: Pick<LogOptions, 'level' | 'format'>): string[] {
  const lines: string[] = []
  const log = createLog({
    ...options,
    write: (line) => lines.push(line),
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
  })
  log.error('broken', { cause: 'a b', status: 500 })
  log.warn('odd')
  log.info('started', { port: 4566 })
  log.debug('detail')
  return lines
}

test('JSON lines carry the time, the level, the message and its fields', () => {
  const [line, ...more] = linesOf({ level: 'error', format: 'json' })
  assert.deepEqual(more, [])
  assert.deepEqual(JSON.parse(line ?? ''), {
    time: '2026-01-02T03:04:05.000Z',
    level: 'error',
    message: 'broken',
    cause: 'a b',
    status: 500,
  })
})

test('a human reads one line each, down to the level', () => {
  assert.deepEqual(linesOf({ level: 'info', format: 'human' }), [
    '03:04:05.000 error broken cause="a b" status=500\n',
    '03:04:05.000 warn  odd\n',
    '03:04:05.000 info  started port=4566\n',
  ])
  assert.equal(linesOf({ level: 'debug', format: 'human' }).length, 4)
})
