import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose'
import { IAM } from '@aws-sdk/client-iam'
import {
  CreateStreamCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Credential } from '../../src/auth/credentials.ts'
import { TRUST } from '../iam/iam-lab.ts'
import { clientOf } from '../server.ts'
import { ACCOUNT, permanent, startClosed, temporary } from './closed-server.ts'
import { ask, send, signed } from './send-signed.ts'
import { signLink } from './sign-link.ts'

const Bucket = 'lake'

for (const credential of [permanent, temporary])
  test(`the SDK's clients are served over HTTP/1.1 and HTTP/2 with ${credential.accessKeyId}`, async (t) => {
    const { clientConfig } = await startClosed(t)
    const config = clientConfig(credential)
    const s3 = clientOf(t, new S3Client(config))
    await s3.send(new CreateBucketCommand({ Bucket }))
    const Key = "odd /ü=+(1)*'!~水"
    const Metadata = { spaced: 'a  b' }
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', Metadata }))
    const got = await s3.send(new GetObjectCommand({ Bucket, Key, ResponseContentType: 'text/csv; a=b' }))
    assert.deepEqual([await got.Body?.transformToString(), got.ContentType], ['hello', 'text/csv; a=b'])
    const data = Buffer.alloc(300_000, 'abc')
    const Body = Readable.from([data.subarray(0, 100_000), data.subarray(100_000)])
    await s3.send(new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: data.length }))
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'streamed' }))
    assert.equal(ContentLength, data.length)
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd /', Delimiter: '+' }))
    assert.equal(KeyCount, 1)
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }))

    const records = [{ Data: Buffer.alloc(1_000), PartitionKey: 'é' }]
    for (const more of [{}, { requestHandler: new NodeHttpHandler() }]) {
      const kinesis = clientOf(t, new KinesisClient({ ...config, ...more }))
      const StreamName = more.requestHandler ? 'http1' : 'http2'
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
      assert.ok((await kinesis.send(new ListStreamsCommand())).StreamNames?.includes(StreamName))
      const put = kinesis.send(new PutRecordsCommand({ StreamName: 'none', Records: records }))
      await assert.rejects(put, { name: 'ResourceNotFoundException' })
      const wrong = clientOf(
        t,
        new KinesisClient({
          ...config,
          ...more,
          credentials: { ...config.credentials, secretAccessKey: 'x' },
        }),
      )
      await assert.rejects(wrong.send(new ListStreamsCommand()), { name: 'InvalidSignatureException' })
    }
    const iam = clientOf(t, new IAM(config))
    await iam.createRole({ RoleName: 'firehose', AssumeRolePolicyDocument: TRUST })
    const firehose = clientOf(t, new FirehoseClient(config))
    const { DeliveryStreamARN } = await firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: 'lines',
        ExtendedS3DestinationConfiguration: {
          RoleARN: `arn:aws:iam::${ACCOUNT}:role/firehose`,
          BucketARN: `arn:aws:s3:::${Bucket}`,
        },
      }),
    )
    assert.match(DeliveryStreamARN ?? '', new RegExp(`:${ACCOUNT}:`))
    const { Account } = await clientOf(t, new STSClient(config)).send(new GetCallerIdentityCommand())
    assert.equal(Account, ACCOUNT)
  })

test('whoever signs nothing may do nothing, but ask whether the server lives and open the console', async (t) => {
  const { endpoint } = await startClosed(t)
  await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake' })
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/lake'],
    ['GET', '/lake/k'],
    ['PUT', '/lake/k'],
    ['POST', '/lake/k?uploads'],
    ['DELETE', '/lake'],
  ] as const) {
    const { status, code } = await send(
      new URL(endpoint + path),
      method,
      {},
      method.startsWith('P') ? 'x' : '',
    )
    assert.deepEqual([status, code], [403, 'AccessDenied'], `${method} ${path}`)
  }
  const own = async (path: string, method = 'GET') =>
    (await send(new URL(endpoint + path), method, {})).status
  for (const path of ['health', 'ready']) assert.equal(await own(`/_standpipe/${path}`), 200, path)
  assert.notEqual(await own('/_standpipe/'), 403)
  for (const path of [
    'metrics',
    'api/overview',
    'api/no-such-page',
    'api/clock',
    'api/aws/kinesis/ListStreams',
  ])
    assert.equal(await own(`/_standpipe/${path}`), 403, path)
  assert.equal(await own('/_standpipe/api/reset', 'POST'), 403)
  assert.equal((await ask(endpoint, { service: 'standpipe', path: '/_standpipe/metrics' })).status, 200)
})

test('a stranger is refused before anything of the body is read', async (t) => {
  const { endpoint } = await startClosed(t)
  await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake' })
  for (const [secretAccessKey, continued] of [
    ['other', false],
    [permanent.secretAccessKey, true],
  ] as const) {
    const { url, headers } = signed(endpoint, {
      service: 's3',
      method: 'PUT',
      path: '/lake/k',
      body: 'hello',
      credential: { ...permanent, secretAccessKey },
      headers: { expect: '100-continue' },
    })
    const outgoing = request(url, { method: 'PUT', headers: { ...headers, 'content-length': '5' } })
    let isContinued = false
    outgoing.on('continue', () => {
      isContinued = true
      outgoing.end('hello')
    })
    outgoing.flushHeaders()
    const [answer] = await once(outgoing, 'response')
    await text(answer)
    outgoing.destroy()
    assert.deepEqual([answer.statusCode, isContinued], [continued ? 200 : 403, continued])
  }
})

test('signatures are told by the machine’s time, wherever a clock stands that was moved', async (t) => {
  const { endpoint, clock } = await startClosed(t, { clock: 'manual' })
  await clock.advance('30h')
  assert.equal((await ask(endpoint, { service: 's3' })).status, 200)
  const { pathname, search } = linkTo(endpoint, '/')
  assert.equal((await fetch(endpoint + pathname + search)).status, 200)
})

const linkTo = (endpoint: string, path: string, credential = permanent) =>
  signLink(
    {
      method: 'GET',
      url: new URL(endpoint + path),
      service: 's3',
      region: 'us-east-1',
      credentials: credential,
      now: Date.now(),
    },
    60,
  )

test('a link of ours serves as it is, with a token too, and not changed', async (t) => {
  const { endpoint } = await startClosed(t)
  await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake' })
  await ask(endpoint, { service: 's3', method: 'PUT', path: '/lake/a%20b', body: 'hello' })
  for (const credential of [permanent, temporary]) {
    const link = linkTo(endpoint, '/lake/a%20b?response-content-type=text%2Fcsv', credential)
    assert.equal(await (await fetch(link)).text(), 'hello')
    assert.equal((await fetch(link, { method: 'DELETE' })).status, 403)
    const changed = new URL(link)
    changed.searchParams.set('response-content-type', 'text/html')
    assert.equal((await fetch(changed)).status, 403)
    assert.equal((await fetch(link, { headers: { 'x-amz-meta-a': 'b' } })).status, 403)
    assert.equal((await fetch(link, { headers: { authorization: 'AWS4-HMAC-SHA256 x' } })).status, 400)
  }
})

test('a header that is sent twice is signed with both of its values', async (t) => {
  const { endpoint } = await startClosed(t)
  const { headers } = signed(endpoint, { service: 's3', headers: { 'x-amz-meta-a': 'one,two' } })
  const lines = (values: readonly string[]) =>
    [
      'GET / HTTP/1.1',
      `Host: ${new URL(endpoint).host}`,
      ...Object.entries(headers).flatMap(([name, value]) =>
        name === 'x-amz-meta-a' ? [] : `${name}: ${value}`,
      ),
      ...values.map((value) => `X-Amz-Meta-A: ${value}`),
      'Connection: close',
      '\r\n',
    ].join('\r\n')
  assert.match(await exchange(t, endpoint, lines(['one', '  two '])), /^HTTP\/1\.1 200 /)
  assert.match(await exchange(t, endpoint, lines(['two', 'one'])), /^HTTP\/1\.1 403 /)
  assert.match(await exchange(t, endpoint, lines(['one'])), /^HTTP\/1\.1 403 /)
})

async function exchange(t: TestContext, endpoint: string, sent: string): Promise<string> {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.end(sent)
  return await text(socket)
}

test('a preflight is answered, and nobody does more by calling a request one', async (t) => {
  const { endpoint } = await startClosed(t)
  for (const service of ['sts', 'kinesis', 's3', 'standpipe'] as const) {
    const { url, headers } = signed(endpoint, { service })
    const path = service === 'sts' ? '/?Action=GetCallerIdentity' : url.pathname
    const { status, body } = await send(new URL(endpoint + path), 'OPTIONS', headers)
    assert.ok(status >= 400, `${service}: ${status} ${body}`)
    assert.doesNotMatch(body, new RegExp(ACCOUNT))
  }
  const origin = { origin: 'http://page.test', 'access-control-request-method': 'PUT' }
  const { code } = await send(new URL(`${endpoint}/lake/k`), 'OPTIONS', origin)
  assert.equal(code, 'AccessForbidden')
})

test('a key that is taken away counts from the next request', async (t) => {
  let credential: Credential | undefined = permanent
  const credentials = { find: () => credential, policiesOf: () => ({ identity: [] }) }
  const { endpoint } = await startClosed(t, { credentials })
  assert.equal((await ask(endpoint, { service: 'sts' })).status, 200)
  credential = { ...permanent, secretAccessKey: 'rotated' }
  assert.equal((await ask(endpoint, { service: 'sts' })).code, 'SignatureDoesNotMatch')
  assert.equal((await ask(endpoint, { service: 'sts', credential })).status, 200)
  credential = undefined
  assert.equal((await ask(endpoint, { service: 'sts' })).code, 'InvalidClientTokenId')
})
