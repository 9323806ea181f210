import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cbor, tag } from '@smithy/core/cbor'
import { serve, signedFor } from './serve.ts'

const JSON_TYPE = 'application/x-amz-json-1.1'
const CBOR_TYPE = 'application/x-amz-cbor-1.1'

const post = (
  endpoint: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) =>
  fetch(endpoint, {
    method: 'POST',
    body,
    headers: {
      'content-type': JSON_TYPE,
      'x-amz-target': 'Kinesis_20131202.PutRecord',
      ...signedFor('kinesis'),
      ...headers,
    },
  })

const jsonOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>

const record = { StreamName: 's', PartitionKey: 'p', Data: 'aGVsbG8=' }

test('a JSON request reaches its operation, and only declared members leave', async (t) => {
  const { endpoint, inputs } = await serve(t)
  const answer = await post(
    endpoint,
    JSON.stringify({ ...record, At: 1_700_000_000.123, Unknown: 1, Names: null }),
  )
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), JSON_TYPE)
  assert.match(answer.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  assert.ok(Buffer.from(answer.headers.get('x-amz-id-2') ?? '', 'base64').length >= 64)
  const text = await answer.text()
  assert.equal(answer.headers.get('content-length'), String(text.length))
  assert.equal(
    text,
    '{"ShardId":"000000000000/eu-west-1","SequenceNumber":"1","At":1700000000.123,"Data":"aGVsbG8="}',
  )
  assert.deepEqual(inputs, [{ ...record, Data: Buffer.from('hello'), At: 1_700_000_000_123 }])
})

test('a twelve-digit access key is the account', async (t) => {
  const { endpoint } = await serve(t)
  const answer = await post(
    endpoint,
    JSON.stringify(record),
    signedFor('kinesis', '123456789012', 'us-west-2'),
  )
  assert.equal((await jsonOf(answer)).ShardId, '123456789012/us-west-2')
})

test('CBOR in, CBOR out: bytes stay bytes, timestamps are tag 1 with integer milliseconds', async (t) => {
  const { endpoint, inputs } = await serve(t)
  const At = 1_786_000_000_056
  const body = cbor.serialize({ ...record, Data: Buffer.from('hello'), At: tag({ tag: 1, value: At }) })
  const answer = await post(endpoint, new Uint8Array(body), { 'content-type': CBOR_TYPE })
  assert.equal(answer.headers.get('content-type'), CBOR_TYPE)
  const bytes = Buffer.from(await answer.arrayBuffer())
  assert.ok(bytes.includes(Buffer.from([0xc1, 0x1b])), 'tag 1, then a 64-bit unsigned integer')
  const output = cbor.deserialize(bytes)
  assert.equal(output.At.value, At)
  assert.deepEqual(Buffer.from(output.Data), Buffer.from('hello'))
  assert.deepEqual(Buffer.from(inputs[0]?.Data as Uint8Array), Buffer.from('hello'))
  assert.equal(inputs[0]?.At, At)
})

test('an exception is printed in the format of the request', async (t) => {
  const { endpoint } = await serve(t)
  const missing = { ...record, StreamName: 'missing' }
  const json = await post(endpoint, JSON.stringify(missing))
  assert.equal(json.status, 400)
  assert.deepEqual(await json.json(), { __type: 'ResourceNotFoundException', message: 'Not found.' })
  const body = cbor.serialize({ ...missing, Data: Buffer.from('hello') })
  const binary = await post(endpoint, new Uint8Array(body), { 'content-type': CBOR_TYPE })
  assert.deepEqual(cbor.deserialize(Buffer.from(await binary.arrayBuffer())), {
    __type: 'ResourceNotFoundException',
    message: 'Not found.',
  })
})

test('an error of our own is InternalFailure, and is reported', async (t) => {
  const { endpoint, errors } = await serve(t)
  const answer = await post(endpoint, JSON.stringify({ ...record, StreamName: 'broken' }))
  assert.equal(answer.status, 500)
  assert.equal((await jsonOf(answer)).__type, 'InternalFailure')
  assert.match(String(errors[0]), /the toy is broken/)
})

test('what is wrong is found in the order in which AWS looks for it', async (t) => {
  const { endpoint } = await serve(t)
  const cases: [what: string, request: Promise<Response>, status: number, body: RegExp][] = [
    ['method', fetch(endpoint, { headers: signedFor('kinesis') }), 403, /^<AccessDeniedException>/],
    [
      'content type, unknown target',
      post(endpoint, '{}', { 'content-type': 'text/plain', 'x-amz-target': 'No.Such' }),
      404,
      /^<UnknownOperationException\/>\n$/,
    ],
    [
      'content type, known target',
      post(endpoint, '{}', { 'content-type': 'text/plain' }),
      404,
      /^<UnknownOperationException\/>\n$/,
    ],
    [
      'content type, no target',
      post(endpoint, '{}', { 'content-type': 'text/plain', 'x-amz-target': '' }),
      403,
      /^<AccessDeniedException>/,
    ],
    [
      'content type, no signature',
      fetch(endpoint, {
        method: 'POST',
        body: '{}',
        headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord', 'content-type': 'text/plain' },
      }),
      403,
      /^<MissingAuthenticationTokenException>\n {2}<Message>Missing Authentication Token<\/Message>/,
    ],
    [
      'parse',
      post(endpoint, '{', { 'x-amz-target': 'No.Such' }),
      400,
      /^\{"__type":"SerializationException"\}$/,
    ],
    [
      'no structure, before the signature',
      post(endpoint, 'null', { authorization: '' }),
      400,
      /^\{"__type":"SerializationException"\}$/,
    ],
    [
      'no structure in bare JSON',
      post(endpoint, 'true', { 'content-type': 'application/json' }),
      400,
      /^\{"Output":\{"__type":"com\.amazon\.coral\.service#SerializationException"\},"Version":"1\.0"\}$/,
    ],
    [
      'bare JSON',
      post(endpoint, '{}', { 'content-type': 'application/json' }),
      404,
      /^\{"Output":\{"__type":"com\.amazon\.coral\.service#UnknownOperationException"\},"Version":"1\.0"\}$/,
    ],
    [
      'unknown operation before the signature',
      post(endpoint, '{}', { 'x-amz-target': 'DynamoDB_20120810.ListTables', authorization: '' }),
      400,
      /"UnknownOperationException".*DynamoDB_20120810\.ListTables/,
    ],
    [
      'signature before types',
      fetch(endpoint, {
        method: 'POST',
        body: '{"StreamName":1}',
        headers: { 'content-type': JSON_TYPE, 'x-amz-target': 'Kinesis_20131202.PutRecord' },
      }),
      400,
      /^\{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"\}$/,
    ],
    [
      'parts of the signature',
      post(endpoint, '{}', { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/kinesis/aws4_request' }),
      400,
      /IncompleteSignatureException.*requires 'Signature' parameter\. Authorization header requires 'SignedHeaders'/,
    ],
    [
      'unsupported, by name',
      post(endpoint, '{}', { 'x-amz-target': 'Kinesis_20131202.SplitShard' }),
      400,
      /UnsupportedOperationException.*SplitShard/,
    ],
    [
      'types before constraints',
      post(endpoint, '{"Data":1}'),
      400,
      /^\{"__type":"SerializationException","Message":"class com\.amazon\.coral\.value\.json\.numbers\.TruncatingBigNumber can not be converted to a Blob"\}$/,
    ],
    [
      'constraints',
      post(endpoint, '{"StreamName":"!"}'),
      400,
      /^\{"__type":"ValidationException","message":"3 validation errors detected: /,
    ],
  ]
  for (const [what, request, status, body] of cases) {
    const answer = await request
    assert.match(await answer.text(), body, what)
    assert.equal(answer.status, status, what)
  }
})

test('an empty body is refused in CBOR, as AWS does, or in JSON where that is the type', async (t) => {
  const { endpoint } = await serve(t)
  const json = await post(endpoint, '')
  assert.equal(json.headers.get('content-type'), JSON_TYPE)
  assert.equal(await json.text(), '{"__type":"SerializationException"}')
  const bare = { 'content-type': 'application/json' }
  const known = await post(endpoint, '', bare)
  assert.equal(known.headers.get('content-type'), CBOR_TYPE)
  assert.deepEqual(cbor.deserialize(Buffer.from(await known.arrayBuffer())), {
    __type: 'SerializationException',
  })
  const unknown = await post(endpoint, '', { ...bare, 'x-amz-target': 'No.Such' })
  assert.deepEqual(cbor.deserialize(Buffer.from(await unknown.arrayBuffer())), {
    __type: 'UnknownOperationException',
  })
})

test('a body above 16 MiB is refused, and the connection lives on', async (t) => {
  const { endpoint } = await serve(t)
  const answer = await post(endpoint, `{"Data":"${'A'.repeat(16 * 1024 * 1024)}"}`)
  assert.equal(answer.status, 413)
  assert.equal((await jsonOf(answer)).__type, 'RequestEntityTooLargeException')
  assert.equal((await post(endpoint, JSON.stringify(record))).status, 200)
})

test('where signatures decide web pages may call, but each is answered by its own origin', async (t) => {
  const { endpoint } = await serve(t)
  const preflight = await fetch(endpoint, {
    method: 'OPTIONS',
    headers: { origin: 'http://page.test', 'access-control-request-headers': 'x-amz-target' },
  })
  assert.equal(preflight.status, 200)
  assert.equal(preflight.headers.get('access-control-allow-origin'), 'http://page.test')
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'x-amz-target')
  const answer = await post(endpoint, JSON.stringify(record), { origin: 'http://page.test' })
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://page.test')
})

test('a large answer arrives whole', async (t) => {
  const { endpoint } = await serve(t)
  const Data = Buffer.alloc(3_000_000, 'x').toString('base64')
  const answer = await post(endpoint, JSON.stringify({ ...record, Data }))
  assert.equal((await jsonOf(answer)).Data, Data)
})
