import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { cbor } from '@smithy/core/cbor'
import { startServer } from '../../server.ts'

const TARGET = 'X-Amz-Target: Kinesis_20131202.'
const JSON_TYPE = 'Content-Type: application/x-amz-json-1.1'
const SIGNED = [
  'X-Amz-Date: 20260101T000000Z',
  'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
]

async function open(context: TestContext) {
  const { endpoint } = await startServer(context)
  const { port, host } = new URL(endpoint)
  const socket = connect(Number(port), '127.0.0.1')
  context.after(() => socket.destroy())
  await once(socket, 'connect')
  const request = (headers: readonly string[], body: string | Uint8Array = '', line = 'POST / HTTP/1.1') => {
    const bytes = Buffer.from(body as string)
    socket.write([line, `Host: ${host}`, `Content-Length: ${bytes.length}`, ...headers, '', ''].join('\r\n'))
    socket.write(bytes)
    return answerOf(socket)
  }
  return { socket, host, endpoint, request }
}

interface RawAnswer {
  readonly status: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** One whole answer with a Content-Length. */
async function answerOf(socket: Socket): Promise<RawAnswer> {
  let held = Buffer.alloc(0)
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    held = Buffer.concat([held, chunk])
    const end = held.indexOf('\r\n\r\n')
    if (end < 0) continue
    const [status = '', ...lines] = held.toString('latin1', 0, end).split('\r\n')
    const headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 2),
      ]),
    )
    const body = held.subarray(end + 4)
    if (body.length >= Number(headers.get('content-length'))) return { status, headers, body }
  }
}

const put = JSON.stringify({ StreamName: 'nothing', PartitionKey: 'a', Data: 'eA==' })

test('every answer has a request id, a second id, a length and the type of its request', async (context) => {
  const { request } = await open(context)
  const { status, headers, body } = await request([`${TARGET}ListStreams`, JSON_TYPE, ...SIGNED], '{}')
  assert.equal(status, 'HTTP/1.1 200 OK')
  assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  const second = Buffer.from(headers.get('x-amz-id-2') ?? '', 'base64').length
  assert.ok(second >= 64 && second <= 80)
  assert.equal(headers.get('content-type'), 'application/x-amz-json-1.1')
  assert.ok(headers.has('date'))
  assert.equal(body.toString(), '{"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]}')
})

test('an operation that answers nothing has an empty body, in CBOR, too, and a preflight no second id', async (context) => {
  const { request, host } = await open(context)
  const create = { StreamName: 'orders', ShardCount: 1 }
  const types = { json: 'application/x-amz-json-1.1', cbor: 'application/x-amz-cbor-1.1' }
  for (const [operation, type, body] of [
    ['CreateStream', types.json, JSON.stringify(create)],
    ['AddTagsToStream', types.json, '{"StreamName":"orders","Tags":{"a":"b"}}'],
    ['RemoveTagsFromStream', types.cbor, cbor.serialize({ StreamName: 'orders', TagKeys: ['a'] })],
    ['DeleteStream', types.json, '{"StreamName":"orders"}'],
    ['CreateStream', types.cbor, cbor.serialize({ ...create, StreamName: 'others' })],
  ] as const) {
    const answer = await request([`${TARGET}${operation}`, `Content-Type: ${type}`, ...SIGNED], body)
    assert.equal(answer.status, 'HTTP/1.1 200 OK', operation)
    assert.deepEqual(
      [answer.body.toString(), answer.headers.get('content-length'), answer.headers.get('content-type')],
      ['', '0', type],
    )
  }
  const ask = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: x-amz-target']
  for (const origin of [`http://${host}`, 'http://elsewhere.test']) {
    const { headers } = await request([`Origin: ${origin}`, ...ask], '', 'OPTIONS / HTTP/1.1')
    assert.ok(headers.has('x-amzn-requestid'))
    assert.equal(headers.get('x-amz-id-2'), undefined)
  }
})

test('what is wrong with a request is answered as AWS does, and the connection goes on', async (context) => {
  const { request } = await open(context)
  const known = `${TARGET}PutRecord`
  const type = (value: string) => `Content-Type: ${value}`
  const cases: [string, string[], string, string, string][] = [
    [
      'GET',
      [known],
      '',
      'HTTP/1.1 403 Forbidden',
      '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n',
    ],
    [
      'POST',
      [known],
      put,
      'HTTP/1.1 403 Forbidden',
      '<MissingAuthenticationTokenException>\n  <Message>Missing Authentication Token</Message>\n</MissingAuthenticationTokenException>\n',
    ],
    ['POST', [`${TARGET}Nothing`], put, 'HTTP/1.1 404 Not Found', '<UnknownOperationException/>\n'],
    [
      'POST',
      [known, type('application/json')],
      put,
      'HTTP/1.1 404 Not Found',
      '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}',
    ],
    [
      'POST',
      [known, JSON_TYPE, ...SIGNED],
      '{"StreamName":',
      'HTTP/1.1 400 Bad Request',
      '{"__type":"SerializationException"}',
    ],
    [
      'POST',
      [`${TARGET}Nothing`, JSON_TYPE, ...SIGNED],
      '{}',
      'HTTP/1.1 400 Bad Request',
      '{"__type":"UnknownOperationException","message":"The operation Kinesis_20131202.Nothing is not known."}',
    ],
    [
      'POST',
      [known, JSON_TYPE],
      put,
      'HTTP/1.1 400 Bad Request',
      '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
    ],
    [
      'POST',
      [known, JSON_TYPE, ...SIGNED],
      '{"StreamName":true}',
      'HTTP/1.1 400 Bad Request',
      '{"__type":"SerializationException","Message":"class java.lang.Boolean can not be converted to an String"}',
    ],
    [
      'POST',
      [known, JSON_TYPE, ...SIGNED],
      '{"StreamName":"a b"}',
      'HTTP/1.1 400 Bad Request',
      '{"__type":"ValidationException","message":"3 validation errors detected: Value \'a b\' at \'streamName\' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value null at \'data\' failed to satisfy constraint: Member must not be null; Value null at \'partitionKey\' failed to satisfy constraint: Member must not be null"}',
    ],
    [
      'POST',
      [known, JSON_TYPE, ...SIGNED],
      put,
      'HTTP/1.1 400 Bad Request',
      '{"__type":"ResourceNotFoundException","message":"Stream nothing under account 000000000000 not found."}',
    ],
  ]
  for (const [method, headers, body, status, text] of cases) {
    const answer = await request(headers, body, `${method} / HTTP/1.1`)
    assert.deepEqual([answer.status, answer.body.toString()], [status, text])
  }
})

test('an error of a CBOR request is a CBOR map', async (context) => {
  const { request } = await open(context)
  const headers = [`${TARGET}PutRecord`, 'Content-Type: application/x-amz-cbor-1.1', ...SIGNED]
  const body = cbor.serialize({ StreamName: 'nothing', PartitionKey: 'a', Data: Buffer.from('x') })
  const answer = await request(headers, body)
  assert.equal(answer.headers.get('content-type'), 'application/x-amz-cbor-1.1')
  assert.deepEqual(cbor.deserialize(answer.body), {
    __type: 'ResourceNotFoundException',
    message: 'Stream nothing under account 000000000000 not found.',
  })
})

test('a body of 100 MB is refused without being kept, and others are served meanwhile', async (context) => {
  const { socket, host, endpoint } = await open(context)
  const total = 100 * 2 ** 20
  const chunk = Buffer.alloc(2 ** 20, 'x')
  const head = [`${TARGET}PutRecord`, JSON_TYPE, ...SIGNED]
  socket.write(['POST / HTTP/1.1', `Host: ${host}`, `Content-Length: ${total}`, ...head, '', ''].join('\r\n'))
  socket.on('error', () => undefined)
  const answer = answerOf(socket)
  const before = process.memoryUsage().rss
  const closed = once(socket, 'close')
  for (let sent = 0; sent < total && socket.writable; sent += chunk.length)
    await Promise.race([new Promise((resolve) => socket.write(chunk, resolve)), closed])
  const { status, body } = await answer
  assert.match(status, /^HTTP\/1\.1 413 /)
  assert.match(body.toString(), /RequestEntityTooLargeException/)
  assert.ok(process.memoryUsage().rss - before < total, 'the body was not held whole')
  assert.equal((await fetch(`${endpoint}/_standpipe/health`)).status, 200)
})

test('half a request changes nothing and disturbs nobody', async (context) => {
  const { socket, host, endpoint } = await open(context)
  const create = JSON.stringify({ StreamName: 'half', ShardCount: 1 })
  const head = [`${TARGET}CreateStream`, JSON_TYPE, ...SIGNED]
  socket.write(
    ['POST / HTTP/1.1', `Host: ${host}`, `Content-Length: ${create.length + 1}`, ...head, '', create].join(
      '\r\n',
    ),
  )
  socket.resume().end()
  await once(socket, 'close')
  const headers = Object.fromEntries(
    [`${TARGET}ListStreams`, JSON_TYPE, ...SIGNED].map((line) => line.split(/: (.*)/s).slice(0, 2)),
  )
  const listed = await fetch(endpoint, { method: 'POST', headers, body: '{}' })
  assert.deepEqual(((await listed.json()) as { StreamNames: string[] }).StreamNames, [])
})
