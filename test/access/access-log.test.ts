import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { constants, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { S3 } from '@aws-sdk/client-s3'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { ADMIN, keyFile, READER } from './closed-server.ts'

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('each request is a line that says who did what to what, and what became of it', async (t) => {
  const accessLog = join(temporaryFolder(t), 'access.log')
  const standpipe = await startServer(t, { auth: keyFile(t), accessLog })
  const as = (credentials: object) => ({
    ...standpipe.clientConfig,
    credentials: { ...credentials } as never,
  })
  const kinesis = clientOf(t, new Kinesis(as(ADMIN)))
  await kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 })
  await kinesis.putRecord({ StreamName: 'clicks', PartitionKey: 'a', Data: Buffer.from('the payload') })
  await assert.rejects(clientOf(t, new Kinesis(as(READER))).deleteStream({ StreamName: 'clicks' }))
  await assert.rejects(
    clientOf(t, new S3(as({ ...ADMIN, secretAccessKey: 'wrong' }))).getObject({ Bucket: 'b-1', Key: 'k' }),
  )
  await fetch(`${standpipe.endpoint}/_standpipe/api/overview?search=the-query`)
  await fetch(`${standpipe.endpoint}/_standpipe/health`)
  const session = `${standpipe.endpoint}/_standpipe/api/session`
  for (const key of [ADMIN, { ...ADMIN, secretAccessKey: 'wrong' }])
    await fetch(session, { method: 'POST', body: JSON.stringify(key) })
  await standpipe.close()
  const lines = linesOf(accessLog)
  const STREAM = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  assert.deepEqual(
    lines.map(({ service, operation, resource, status, code, accessKeyId }) => ({
      ...{ service, operation, resource, status, code, accessKeyId },
    })),
    [
      {
        service: 'Kinesis',
        operation: 'CreateStream',
        resource: STREAM,
        status: 200,
        accessKeyId: 'AKIDADMIN',
      },
      { service: 'Kinesis', operation: 'PutRecord', resource: STREAM, status: 200, accessKeyId: 'AKIDADMIN' },
      {
        ...{ service: 'Kinesis', operation: 'DeleteStream', resource: STREAM, status: 400 },
        ...{ code: 'AccessDeniedException', accessKeyId: 'AKIDREADER' },
      },
      { status: 403, code: 'SignatureDoesNotMatch', accessKeyId: 'AKIDADMIN' },
      { status: 403, code: 'MissingAuthenticationTokenException' },
      { service: 'standpipe', operation: 'GetStatus', resource: '*', status: 200 },
      { service: 'standpipe', operation: 'SignIn', resource: '*', status: 200, accessKeyId: 'AKIDADMIN' },
      { service: 'standpipe', operation: 'SignIn', resource: '*', status: 403, code: 'AccessDenied' },
    ].map((line) => ({
      service: undefined,
      operation: undefined,
      resource: undefined,
      code: undefined,
      accessKeyId: undefined,
      ...line,
    })),
  )
  const [first, , , forged] = lines
  assert.equal(first?.principal, 'arn:aws:iam::000000000000:user/AKIDADMIN')
  assert.equal(forged?.principal, undefined, 'whose key it is was not proved')
  assert.equal(first?.address, '127.0.0.1')
  assert.match(String(first?.requestId), /^[0-9a-f-]{36}$/)
  assert.ok(Math.abs(Date.parse(String(first?.time)) - Date.now()) < 60_000)
  assert.doesNotMatch(readFileSync(accessLog, 'utf8'), /payload|the-query|secret|Signature=/)
  if (process.platform !== 'win32') assert.equal(statSync(accessLog).mode & 0o777, 0o600)
})

test('of an open server, too; and a file that was moved away is made anew', async (t) => {
  const accessLog = join(temporaryFolder(t), 'access.log')
  const standpipe = await startServer(t, { accessLog })
  const s3 = clientOf(t, new S3(standpipe.clientConfig))
  await s3.createBucket({ Bucket: 'landing-zone' })
  await standpipe.reread()
  renameSync(accessLog, `${accessLog}.1`)
  await standpipe.reread()
  await assert.rejects(s3.getObject({ Bucket: 'landing-zone', Key: 'a/b' }), { name: 'NoSuchKey' })
  await standpipe.close()
  assert.deepEqual(
    linesOf(`${accessLog}.1`).map(({ operation }) => operation),
    ['CreateBucket'],
  )
  const [line] = linesOf(accessLog)
  assert.equal(line?.resource, 'arn:aws:s3:::landing-zone/a/b')
  assert.equal(line?.code, 'NoSuchKey')
})

test('a log that takes no lines is said, and stops nothing', async (t) => {
  const accessLog = join(temporaryFolder(t), 'access.log')
  const standpipe = await startServer(t, { accessLog })
  const health = async () =>
    (await (await fetch(`${standpipe.endpoint}/_standpipe/health`)).json()) as {
      problems: { code: string }[]
    }
  await health()
  rmSync(accessLog)
  mkdirSync(accessLog)
  await standpipe.reread()
  await health()
  await standpipe.reread()
  assert.deepEqual(
    (await health()).problems.map(({ code }) => code),
    ['AccessLogBroken'],
  )
  rmSync(accessLog, { recursive: true })
  await standpipe.reread()
  assert.deepEqual((await health()).problems, [])
  await standpipe.close()
  assert.ok(linesOf(accessLog).some(({ lostLines }) => Number(lostLines) >= 1))
})

test('a log that is a pipe waits for nobody who reads it: neither at the start, nor later, nor at the end', {
  skip: process.platform === 'win32' && 'Windows has no named pipes in folders',
}, async (t) => {
  const accessLog = join(temporaryFolder(t), 'pipe')
  execFileSync('mkfifo', [accessLog])
  await assert.rejects(startServer(t, { accessLog }), { name: 'UsageError', message: /cannot be written/ })
  const reader = await open(accessLog, constants.O_RDONLY | constants.O_NONBLOCK)
  const standpipe = await startServer(t, { accessLog })
  const health = async () =>
    (await (await fetch(`${standpipe.endpoint}/_standpipe/health`)).json()) as { status: string }
  await health()
  for (let round = 0; round < 500; round++) await health()
  assert.equal((await health()).status, 'degraded', 'nobody read what was written')
  await reader.close()
  await standpipe.close()
})

test('a log that cannot be opened at first is wrong usage', async (t) => {
  const accessLog = join(temporaryFolder(t), 'no-such-folder', 'access.log')
  await assert.rejects(startServer(t, { accessLog }), {
    name: 'UsageError',
    message: /--access-log .* cannot be written/,
  })
})
