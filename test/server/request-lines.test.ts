import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { start } from '../../src/start.ts'
import { ADMIN, keyFile } from '../access/closed-server.ts'
import { clientOf } from '../server.ts'

type Line = readonly [message: string, fields: Readonly<Record<string, unknown>>]

/** A server whose lines at level debug are kept. */
async function debugged(t: test.TestContext, options: Parameters<typeof start>[0] = {}) {
  const lines: Line[] = []
  const quiet = () => {}
  const log = {
    ...{ error: quiet, warn: quiet, info: quiet },
    debug: (message: string, fields: object = {}) => void lines.push([message, { ...fields }]),
  }
  const standpipe = await start({
    ...{ port: 0, ephemeral: true, clock: 'manual', logLevel: 'debug', log },
    ...options,
  })
  t.after(() => standpipe.close())
  const send = async (path: string, init: RequestInit = {}) => {
    await (await fetch(`${standpipe.endpoint}${path}`, init)).arrayBuffer()
    return lines.at(-1)!
  }
  return { standpipe, lines, send }
}

const put = (target: string, body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDX/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00',
    'x-amz-date': '20260101T000000Z',
    ...headers,
  },
})

/** What a line says of a request, without what is another each time. */
const told = ([message, { status, code, resource, account }]: Line) => ({
  message,
  status,
  code,
  resource,
  account,
})

test('at level debug each call is a line with its operation, stream, code, duration and request id', async (t) => {
  const { standpipe, lines } = await debugged(t)
  const kinesis = clientOf(t, new Kinesis(standpipe.clientConfig))
  await kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 })
  const resource = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  const account = '000000000000'
  assert.deepEqual(told(lines.at(-1)!), {
    ...{ message: 'Kinesis CreateStream', status: 200, code: undefined, resource, account },
  })
  const { $metadata } = await kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 }).then(
    () => assert.fail(),
    (error) => error,
  )
  const [, fields] = lines.at(-1)!
  assert.deepEqual(told(lines.at(-1)!), {
    ...{ message: 'Kinesis CreateStream', status: 400, code: 'ResourceInUseException', resource, account },
  })
  assert.equal(fields.requestId, $metadata.requestId)
  assert.match(String(fields.failure), /clicks/)
  assert.equal(typeof fields.durationMs, 'number')
})

test('what is refused before its handler is a line too: unreadable, unknown, unsupported, from a foreign page', async (t) => {
  const { send } = await debugged(t)
  const lineOf = async (path: string, init?: RequestInit) => {
    const { message, status, code } = told(await send(path, init))
    return [message, status, code]
  }
  assert.deepEqual(await lineOf('/', put('Kinesis_20131202.PutRecord', '{"StreamName": 7}')), [
    ...['Kinesis PutRecord', 400, 'SerializationException'],
  ])
  assert.deepEqual(await lineOf('/', put('Kinesis_20131202.Dance', '{}')), [
    ...['Kinesis_20131202.Dance', 400, 'UnknownOperationException'],
  ])
  assert.deepEqual(await lineOf('/lake?analytics&id=a'), ['GET /lake', 501, 'NotImplemented'])
  assert.deepEqual(await lineOf('/?Action=Dance%0Anow'), ['Action=Dance?now', 400, 'InvalidAction'])
  const foreign = { origin: 'https://elsewhere.example' }
  assert.deepEqual(await lineOf('/', put('Kinesis_20131202.ListStreams', '{}', foreign)), [
    ...['Kinesis_20131202.ListStreams', 403, 'AccessDeniedException'],
  ])
})

test('a signature that is refused is a line with what was asked for', async (t) => {
  const { standpipe, lines } = await debugged(t, { auth: keyFile(t) })
  const credentials = { ...ADMIN, secretAccessKey: 'wrong' }
  const kinesis = clientOf(t, new Kinesis({ ...standpipe.clientConfig, credentials }))
  await assert.rejects(kinesis.listStreams())
  const { message, status, code } = told(lines.at(-1)!)
  assert.deepEqual(
    [message, status, code],
    ['Kinesis_20131202.ListStreams', 400, 'InvalidSignatureException'],
  )
})
