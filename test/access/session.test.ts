import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConsoleSessions } from '../../src/server/access/sign-in/console-sessions.ts'
import type { Principal } from '../../src/service/principal.ts'
import type { OwnRequest } from '../../src/wire/own-routes.ts'
import { callerOf } from '../caller.ts'
import { startServer } from '../server.ts'
import { ADMIN, allowing, keyFile, NOBODY, READER, type TestKey, writeKeys } from './closed-server.ts'

const sessionOf = (endpoint: string) => `${endpoint}/_standpipe/api/session`

async function signIn(endpoint: string, key: object, headers: Record<string, string> = {}) {
  const answer = await fetch(sessionOf(endpoint), { method: 'POST', body: JSON.stringify(key), headers })
  const cookie = answer.headers.get('set-cookie') ?? ''
  return { status: answer.status, cookie, body: (await answer.json()) as Record<string, unknown> }
}

const pair = (cookie: string) => cookie.split(';')[0]!

test('a key is exchanged once for a cookie, which then stands for it', async (t) => {
  const { endpoint, port } = await startServer(t, { auth: keyFile(t) })
  const { status, cookie, body } = await signIn(endpoint, READER)
  assert.equal(status, 200)
  assert.match(
    cookie,
    new RegExp(
      `^standpipe-session-${port}=[\\w-]+; Path=/_standpipe; Max-Age=43200; HttpOnly; SameSite=Strict$`,
    ),
  )
  assert.doesNotMatch(Buffer.from(pair(cookie).split('=')[1]!, 'base64url').toString('latin1'), /AKID|secret/)
  assert.equal(body.mode, 'closed')
  assert.equal((body.principal as { arn: string }).arn, 'arn:aws:iam::000000000000:user/AKIDREADER')
  const may = body.may as string[]
  assert.ok(may.includes('kinesis:GetRecords'))
  assert.ok(!may.includes('kinesis:PutRecord') && !may.includes('standpipe:Reset'))
  const headers = { cookie: `other=1; ${pair(cookie)}` }
  const shown = (await (await fetch(sessionOf(endpoint), { headers })).json()) as { may: string[] }
  assert.deepEqual(shown.may, may)
  const list = await fetch(`${endpoint}/_standpipe/api/aws/kinesis/ListStreams`, {
    method: 'POST',
    body: '{}',
    headers,
  })
  assert.deepEqual(await list.json(), { HasMoreStreams: false, StreamNames: [], StreamSummaries: [] })
  const reset = await fetch(`${endpoint}/_standpipe/api/reset`, { method: 'POST', body: '{}', headers })
  assert.equal(reset.status, 403)
  const aws = await fetch(endpoint, {
    headers: { ...headers, 'x-amz-target': 'Kinesis_20131202.ListStreams' },
    method: 'POST',
  })
  assert.notEqual(aws.status, 200, 'the session is for our own API alone')
})

test('a session ends when it is signed out, when its key goes, and when its secret changes', async (t) => {
  const file = keyFile(t)
  const standpipe = await startServer(t, { auth: file })
  const overview = async (cookie: string) =>
    (await fetch(`${standpipe.endpoint}/_standpipe/api/overview`, { headers: { cookie } })).status
  const one = pair((await signIn(standpipe.endpoint, ADMIN)).cookie)
  const two = pair((await signIn(standpipe.endpoint, ADMIN)).cookie)
  assert.deepEqual([await overview(one), await overview(two)], [200, 200])
  const [name] = one.split('=')
  assert.equal(
    await overview(`${name}=of-another-server; ${one}`),
    200,
    'another one of the name is no matter',
  )
  const out = await fetch(sessionOf(standpipe.endpoint), { method: 'DELETE', headers: { cookie: one } })
  assert.match(out.headers.get('set-cookie') ?? '', /=; Path=\/_standpipe; Max-Age=0;/)
  assert.deepEqual([await overview(one), await overview(two)], [403, 200])
  const policies = [allowing(['*'])]
  writeKeys(file, [{ ...ADMIN, secretAccessKey: 'quite another secret', policies }])
  await standpipe.reread()
  assert.equal(await overview(two), 403)
  writeKeys(file, [{ ...ADMIN, policies }])
  await standpipe.reread()
  assert.equal(await overview(two), 200, 'it is the same key again')
  assert.equal(await overview(`${two.slice(0, -3)}AAA`), 403, 'what was tampered with is none')
})

test('events end when the session is signed out, and when it may not look any more', async (t) => {
  const file = keyFile(t)
  const standpipe = await startServer(t, { auth: file })
  const listening = async () => {
    const cookie = pair((await signIn(standpipe.endpoint, ADMIN)).cookie)
    const url = `${standpipe.endpoint}/_standpipe/api/events`
    const events = await fetch(url, { headers: { cookie }, signal: AbortSignal.timeout(5_000) })
    assert.equal(events.status, 200)
    return { cookie, ended: events.text() }
  }
  const first = await listening()
  await fetch(sessionOf(standpipe.endpoint), { method: 'DELETE', headers: { cookie: first.cookie } })
  assert.match(await first.ended, /^retry: 1000/)
  const second = await listening()
  writeKeys(file, [{ ...ADMIN, policies: [allowing(['kinesis:*'])] }])
  await standpipe.reread()
  assert.match(await second.ended, /^retry: 1000/)
})

test('wrong keys are told nothing, and are held up after ten in a minute', async (t) => {
  const { endpoint } = await startServer(t, { auth: keyFile(t) })
  const wrong = await signIn(endpoint, { ...ADMIN, secretAccessKey: 'wrong' })
  const unknown = await signIn(endpoint, { ...ADMIN, accessKeyId: 'AKIDUNKNOWN' })
  assert.deepEqual(wrong, unknown)
  assert.equal(wrong.status, 403)
  assert.equal(wrong.cookie, '')
  for (let attempt = 0; attempt < 8; attempt++)
    await signIn(endpoint, { ...NOBODY, secretAccessKey: 'wrong' })
  assert.equal((await signIn(endpoint, ADMIN)).status, 429)
})

test('right keys are never held up', async (t) => {
  const { endpoint } = await startServer(t, { auth: keyFile(t) })
  const all = await Promise.all(Array.from({ length: 9 }, () => signIn(endpoint, ADMIN)))
  for (let more = 0; more < 9; more++) all.push(await signIn(endpoint, ADMIN))
  assert.ok(all.every(({ status }) => status === 200))
})

test('a page of another origin signs nobody in', async (t) => {
  const { endpoint } = await startServer(t, { auth: keyFile(t) })
  const { status, cookie } = await signIn(endpoint, ADMIN, { origin: 'https://example.com' })
  assert.equal(status, 403)
  assert.equal(cookie, '')
})

const machineNow = () => Date.parse('2026-01-01T00:00:00Z')
const sessionsWith = (key: TestKey) =>
  createConsoleSessions({
    credentials: {
      find: (accessKeyId) =>
        accessKeyId === key.accessKeyId
          ? {
              ...key,
              isActive: true,
              sessionToken: 'token',
              expiresAt: machineNow() + 60_000,
              principal: PRINCIPAL,
            }
          : undefined,
      policiesOf: () => ({ identity: [] }),
    },
    machineNow,
    noted: () => undefined,
    actions: () => [],
  })
const PRINCIPAL: Principal = {
  ...{ kind: 'assumed-role', account: '000000000000', userId: 'AROA:run', accessKeyId: 'ASIA' },
  arn: 'arn:aws:sts::000000000000:assumed-role/deploy/run',
}

const requestFrom = (connection: {
  readonly address: string
  readonly isEncrypted: boolean
}): OwnRequest => ({
  ...{ method: 'POST', path: '/_standpipe/api/session', query: new URLSearchParams() },
  headers: new Map([['host', 'standpipe.example.com']]),
  caller: callerOf({ connection }),
  body: async () => new Uint8Array(),
})

test('keys are not taken over plain http from another machine; over https the cookie is for https alone', async () => {
  const { port } = sessionsWith(ADMIN)
  const keys = { ...ADMIN, sessionToken: 'token' }
  const far = { address: '192.0.2.7', isEncrypted: false }
  await assert.rejects(port.open(requestFrom(far), keys), { code: 'HttpsRequired' })
  const secure = await port.open(requestFrom({ ...far, isEncrypted: true }), keys)
  assert.match(secure.setCookie, /^__Secure-standpipe-session=.*; Secure$/)
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    assert.ok(await port.open(requestFrom({ address, isEncrypted: false }), keys))
})

test('a session that was signed out stays so, however many are signed out after it', async () => {
  const { port, callerOf: whose } = sessionsWith(ADMIN)
  const near = requestFrom({ address: '127.0.0.1', isEncrypted: false })
  const open = async () => {
    const { setCookie } = await port.open(near, { ...ADMIN, sessionToken: 'token' })
    return { ...near, headers: new Map([...near.headers, ['cookie', pair(setCookie)]]) }
  }
  const first = await open()
  port.end(first)
  for (let count = 0; count < 10_001; count++) port.end(await open())
  assert.equal(await whose(first), undefined)
  assert.ok(await whose(await open()))
})

test('temporary keys want their token, and their session lasts no longer than they do', async () => {
  const { port } = sessionsWith(ADMIN)
  const near = requestFrom({ address: '127.0.0.1', isEncrypted: false })
  await assert.rejects(port.open(near, ADMIN), { code: 'AccessDenied' })
  await assert.rejects(port.open(near, { ...ADMIN, sessionToken: 'another' }), { code: 'AccessDenied' })
  const { setCookie } = await port.open(near, { ...ADMIN, sessionToken: 'token' })
  assert.match(setCookie, /Max-Age=60;/)
})
