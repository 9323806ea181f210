import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  endSession,
  hasEnded,
  lackingOf,
  mayDo,
  session,
  takeSession,
  user,
} from '../../console/server/session.ts'
import type { SessionView } from '../../src/api/views.ts'
import { trackedFiles } from '../rooms.ts'
import { ADMIN, startClosed } from './closed-server.ts'

const principal = {
  kind: 'user',
  account: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/a',
  accessKeyId: 'A',
}
const OUT: SessionView = { mode: 'closed', isExposed: false }
const IN: SessionView = { ...OUT, principal, may: ['kinesis:PutRecord'] }

test('a session that somebody else has ended is said; one that never was, or is over already, is not', (t) => {
  t.after(() => {
    session.value = undefined
  })
  takeSession(OUT)
  assert.deepEqual([user.value, hasEnded.value], [undefined, false])
  takeSession(IN)
  const first = session.value
  takeSession({ ...IN })
  assert.equal(session.value, first, 'the same is no news')
  assert.equal(mayDo('kinesis:PutRecord'), true)
  assert.deepEqual(lackingOf(['kinesis:PutRecord', 'kinesis:GetRecords']), ['kinesis:GetRecords'])

  // What was asked in the session before it ends nothing of the next.
  takeSession({ ...IN, may: [] })
  endSession(first)
  assert.equal(hasEnded.value, false)
  endSession(session.value)
  assert.deepEqual([user.value, hasEnded.value], [undefined, true])
  takeSession({ mode: 'open', isExposed: false })
  assert.deepEqual([hasEnded.value, user.value, mayDo('anything:AtAll')], [false, 'open', true])
})

test('every action that the console asks for is one that the server knows', async (t) => {
  const { root, sessionOf } = await startClosed(t)
  const answer = await fetch(`${root}api/session`, { headers: { cookie: await sessionOf(ADMIN) } })
  const { may = [] } = (await answer.json()) as SessionView
  const asked = trackedFiles('console').flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/'((?:kinesis|firehose|s3|standpipe):[A-Z]\w*)'/g)].map(
      ([, name]) => name!,
    ),
  )
  assert.ok(new Set(asked).size > 30)
  assert.deepEqual(
    asked.filter((name) => !may.includes(name)),
    [],
  )
})
