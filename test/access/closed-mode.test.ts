import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { S3 } from '@aws-sdk/client-s3'
import { signRequest } from '../../src/service/signing/sign-request.ts'
import { sha256Hex } from '../../src/service/signing/signing-key.ts'
import type { Standpipe } from '../../src/start.ts'
import { clientOf, startServer } from '../server.ts'
import { ADMIN, allowing, keyFile, NOBODY, READER, type TestKey } from './closed-server.ts'

/** Calls our own API as the command line does. */
async function asked(standpipe: Standpipe, key: TestKey | undefined, path: string, post?: object) {
  const url = new URL(`${standpipe.endpoint}/_standpipe/${path}`)
  const method = post ? 'POST' : 'GET'
  const body = post && JSON.stringify(post)
  const signed = key && {
    ...{ method, url, headers: {}, bodySha256: sha256Hex(body ?? ''), service: 'standpipe' },
    ...{ region: 'us-east-1', credentials: key, now: Date.now(), pathEncoding: 'once more' as const },
  }
  const headers = signed ? signRequest(signed) : {}
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) })
  const text = await answer.text()
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

test('a closed server lets in whom its key file names, and each to what its policies allow', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t) })
  assert.deepEqual(standpipe.access, { mode: 'closed', fileKeys: 3, madeKeys: 0, otherKeys: 0 })
  assert.equal(standpipe.clientConfig.credentials, undefined)
  const as = (credentials: TestKey) =>
    clientOf(t, new Kinesis({ ...standpipe.clientConfig, credentials: { ...credentials } }))
  await as(ADMIN).createStream({ StreamName: 'clicks', ShardCount: 1 })
  await as(READER).describeStreamSummary({ StreamName: 'clicks' })
  await assert.rejects(as(READER).deleteStream({ StreamName: 'clicks' }), {
    name: 'AccessDeniedException',
    message: /AKIDREADER is not authorized to perform: kinesis:DeleteStream on resource: arn:aws:kinesis:/,
  })
  await assert.rejects(as(NOBODY).listStreams({}), { name: 'AccessDeniedException' })
  await assert.rejects(as({ ...ADMIN, secretAccessKey: 'a wrong secret altogether' }).listStreams({}), {
    name: 'InvalidSignatureException',
  })
  const s3 = clientOf(t, new S3({ ...standpipe.clientConfig, credentials: { ...READER } }))
  await assert.rejects(s3.createBucket({ Bucket: 'landing-zone' }), { name: 'AccessDenied' })
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', 'landing-zone'],
    ['GET', 'landing-zone/key'],
  ])
    assert.match(
      await (await fetch(`${standpipe.endpoint}/${path}`, { method: method! })).text(),
      /<Code>(AccessDenied|NoSuchBucket)</,
      `${method} ${path} of nobody`,
    )
})

test('our own API asks for a key before it says what there is, and each route for its action', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t) })
  const [known, unknown] = [
    await asked(standpipe, undefined, 'api/overview'),
    await asked(standpipe, undefined, 'api/no-such-page'),
  ]
  assert.deepEqual(known, unknown)
  assert.equal(known.status, 403)
  assert.equal((await asked(standpipe, undefined, 'metrics')).status, 403)
  const preflight = async (path: string) => {
    const answer = await fetch(`${standpipe.endpoint}/_standpipe/${path}`, { method: 'OPTIONS' })
    return [answer.status, await answer.text()]
  }
  assert.deepEqual(await preflight('api/reset'), await preflight('api/no-such-page'))
  assert.equal((await asked(standpipe, ADMIN, 'metrics')).status, 200)
  assert.equal((await asked(standpipe, ADMIN, 'api/overview')).body.access, 'closed')
  const refused = await asked(standpipe, READER, 'api/clock/advance', { by: '5m' })
  assert.equal(refused.status, 403)
  assert.match(refused.body.message, /not authorized to perform: standpipe:AdvanceClock on resource: \*/)
  assert.equal((await asked(standpipe, ADMIN, 'api/clock/advance', { by: '5m' })).status, 200)
})

test('health and readiness are for everybody, and what they name for who may know it', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t) })
  for (const path of ['health', 'ready'])
    for (const key of [undefined, NOBODY])
      assert.deepEqual(await asked(standpipe, key, path), { status: 200, body: { status: 'ok' } })
  const { body } = await asked(standpipe, ADMIN, 'health')
  assert.equal(body.access, 'closed')
  assert.equal(body.account, '000000000000')
  const localstack = await fetch(`${standpipe.endpoint}/_localstack/health`)
  const page = (await localstack.json()) as { services: Record<string, string>; version?: string }
  assert.equal(page.services.kinesis, 'running')
  assert.equal(page.version, undefined)
})

test('records are looked at by who may read them, objects by who may get them', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t) })
  const admin = { ...standpipe.clientConfig, credentials: { ...ADMIN } }
  const kinesis = clientOf(t, new Kinesis(admin))
  const s3 = clientOf(t, new S3(admin))
  await kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 })
  await kinesis.putRecord({ StreamName: 'clicks', PartitionKey: 'a', Data: Buffer.from('x') })
  await s3.createBucket({ Bucket: 'landing-zone' })
  await s3.putObject({ Bucket: 'landing-zone', Key: 'one', Body: 'x' })
  const records = 'api/streams/clicks/records'
  const object = 'api/objects?bucket=landing-zone&key=one'
  assert.equal((await asked(standpipe, READER, records)).body.records.length, 1)
  assert.match((await asked(standpipe, NOBODY, records)).body.message, /kinesis:GetRecords/)
  assert.match((await asked(standpipe, NOBODY, 'api/events?tail=clicks')).body.message, /GetOverview/)
  assert.equal((await asked(standpipe, ADMIN, object)).body, 'x')
  assert.equal((await asked(standpipe, READER, object)).status, 403)
  assert.equal((await asked(standpipe, READER, object.replace('?', '/origin?'))).status, 403)
  const create = 'api/aws/kinesis/DeleteStream'
  assert.match(
    (await asked(standpipe, READER, create, { StreamName: 'clicks' })).body.message,
    /kinesis:DeleteStream/,
  )
})

test('a query that names another account opens nothing of it', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t) })
  const other = 'account=111122223333'
  for (const path of [`api/overview?${other}`, `api/streams/clicks/records?${other}`])
    assert.equal((await asked(standpipe, ADMIN, path)).status, 403, path)
  const created = await asked(standpipe, ADMIN, `api/aws/kinesis/CreateStream?${other}`, {
    StreamName: 'clicks',
    ShardCount: 1,
  })
  assert.match(created.body.message, /not authorized/)
})

test('what is wrong with the server is told to its own account, and not to others', async (t) => {
  const other = { accessKeyId: 'AKIDOTHER', secretAccessKey: 'the long enough secret of other' }
  const all = [allowing(['*'])]
  const auth = keyFile(t, [
    { ...ADMIN, policies: all },
    { ...other, account: '111122223333', policies: all },
  ])
  const standpipe = await startServer(t, { auth })
  writeFileSync(auth, '{')
  await standpipe.reread()
  const problemsOf = async (key: TestKey) => {
    const { problems, problemCount } = (await asked(standpipe, key, 'api/overview')).body
    return [problems.length, problemCount]
  }
  assert.deepEqual(await problemsOf(ADMIN), [1, 1])
  assert.deepEqual(await problemsOf(other), [0, 0])
})

test('metrics need no key where that is wanted', async (t) => {
  const standpipe = await startServer(t, { auth: keyFile(t), openMetrics: true })
  assert.equal((await asked(standpipe, undefined, 'metrics')).status, 200)
  assert.equal((await asked(standpipe, undefined, 'api/cost')).status, 403)
})

test('an open server says that it is open', async (t) => {
  const standpipe = await startServer(t)
  assert.equal(standpipe.access.mode, 'open')
  assert.equal((await asked(standpipe, undefined, 'health')).body.access, 'open')
  assert.deepEqual((await asked(standpipe, undefined, 'api/session')).body, {
    mode: 'open',
    isExposed: false,
  })
})
