import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblems } from '../../src/metrics/problems.ts'

function subject() {
  const lines: string[] = []
  let now = 1000
  const log = (message: string, { where }: Readonly<Record<string, unknown>>) =>
    lines.push(`${where}: ${message}`)
  const problems = createProblems({ now: () => now, warn: log, info: log })
  return { lines, problems, at: (time: number) => (now = time) }
}

test('a problem that is reported again keeps the time it began at and is logged in other words only', () => {
  const { lines, problems, at } = subject()
  problems.report({ code: 'RecordsGone', where: 'delivery stream a', what: '3 records are gone' })
  at(2000)
  problems.report({ code: 'RecordsGone', where: 'delivery stream a', what: '3 records are gone' })
  problems.report({ code: 'RecordsGone', where: 'delivery stream a', what: '5 records are gone' })
  problems.report({ code: 'RecordsGone', where: 'delivery stream b', what: '1 record is gone' })
  assert.deepEqual(problems.list(), [
    { code: 'RecordsGone', where: 'delivery stream a', what: '5 records are gone', since: 1000 },
    { code: 'RecordsGone', where: 'delivery stream b', what: '1 record is gone', since: 2000 },
  ])
  assert.deepEqual(lines, [
    'delivery stream a: 3 records are gone',
    'delivery stream a: 5 records are gone',
    'delivery stream b: 1 record is gone',
  ])
})

test('a problem that is solved is known no more, and that is logged once', () => {
  const { lines, problems } = subject()
  problems.report({ code: 'StorageFull', where: 'data folder', what: 'it is full' })
  problems.solved('StorageFull', 'elsewhere')
  problems.solved('StorageFull', 'data folder')
  problems.solved('StorageFull', 'data folder')
  assert.deepEqual(problems.list(), [])
  assert.deepEqual(lines, ['data folder: it is full', 'data folder: solved: it is full'])
})
