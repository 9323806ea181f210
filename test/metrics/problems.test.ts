import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProblems, type KnownProblem, PROBLEM_CODES } from '../../src/metrics/problems.ts'
import { worstProblems } from '../../src/metrics/worst-problems.ts'

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

test('of too many problems the severest are listed, each code of them in turn, and the rest is counted', () => {
  const many = (code: KnownProblem['code'], count: number, from: number): KnownProblem[] =>
    Array.from({ length: count }, (_, nth) => ({
      code,
      where: `${code} ${nth}`,
      what: 'it is',
      since: from + nth,
    }))
  const known = [
    ...many('DeliveryFailing', 400, 0),
    ...many('Damaged', 150, 1_000),
    ...many('RecordsExpiring', 1, 9_000),
    ...many('DataLost', 2, 10_000),
  ]
  const { problems, unlisted } = worstProblems(known, 100)
  assert.deepEqual(
    problems.slice(0, 5).map(({ where }) => where),
    ['DataLost 1', 'Damaged 149', 'DataLost 0', 'Damaged 148', 'Damaged 147'],
  )
  assert.equal(problems.length, 100)
  assert.deepEqual(unlisted, { DeliveryFailing: 400, Damaged: 52, RecordsExpiring: 1 })
  const all = worstProblems(
    known.filter(({ code }) => code !== 'Damaged'),
    100,
  )
  assert.equal(all.problems[2]?.code, 'RecordsExpiring')
  assert.deepEqual(all.unlisted, { DeliveryFailing: 303 })
  assert.deepEqual(worstProblems([], 100), { problems: [], unlisted: {} })
  const ofEach = PROBLEM_CODES.flatMap((code) => many(code, 1, 0))
  assert.equal(worstProblems(ofEach, 100).problems.length, PROBLEM_CODES.length)
})
