import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { serve, signedFor } from './serve.ts'

const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'

/** A request whose path and headers go as they are (fetch would normalise them). */
const send = (
  port: number,
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
  body: string | Uint8Array = '',
) =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const outgoing = request(
        { host: '127.0.0.1', port, method, path, headers, agent: false },
        async (answer) => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    },
  )

test('the most specific operation wins, by query members and by headers', async (t) => {
  const { port, inputs } = await serve(t)
  const cases: [method: string, path: string, headers: Record<string, string>, body: RegExp][] = [
    ['GET', '/', {}, /<ListAllMyBucketsResult /],
    ['GET', '/b', {}, /<Name>v1 of b</],
    ['GET', '/b/', {}, /<Name>v1 of b</],
    ['GET', '/b?list-type=2&prefix=a%2Fb+c&max-keys=3', {}, /<ListBucketResult .*<Key>a&amp;b</],
    ['GET', '/b/?location=', {}, new RegExp(`<LocationConstraint ${XMLNS}>us-east-1</LocationConstraint>$`)],
    ['POST', '/b/k?uploads', {}, /<InitiateMultipartUploadResult .*<UploadId>u1</],
    ['POST', '/b/k?uploads=', {}, /<InitiateMultipartUploadResult /],
    [
      'PUT',
      '/b/k?x-id=CopyObject',
      { 'x-amz-copy-source': '/a/b' },
      /<CopyObjectResult .*2026-01-02T03:04:05\.678Z/,
    ],
    ['GET', '/b/k?x-id=GetObject', {}, /^hello world$/],
  ]
  for (const [method, path, headers, body] of cases) {
    const answer = await send(port, method, path, headers)
    assert.match(answer.body, body, `${method} ${path}`)
    assert.equal(answer.status, 200)
  }
  assert.deepEqual(inputs[0], { Bucket: 'b', Prefix: 'a/b c', MaxKeys: 3 })
})

test('a key is decoded and never normalised', async (t) => {
  const { port, inputs } = await serve(t)
  for (const [path, Key] of [
    ['/b/a/../..//c/', 'a/../..//c/'],
    ['/b/dt%3D2026-01-01/%E6%B0%B4%20+%2F', 'dt=2026-01-01/水 +/'],
  ] as const) {
    await send(port, 'GET', path)
    assert.equal(inputs.pop()?.Key, Key)
  }
  const broken = await send(port, 'GET', '/b/%zz')
  assert.equal(broken.status, 400)
  assert.match(broken.body, /<Code>InvalidURI</)
})

test('the bucket may stand in the host name', async (t) => {
  const { port, inputs } = await serve(t)
  for (const [host, path, Bucket, Key] of [
    ['my.bucket.localhost:4566', '/k', 'my.bucket', 'k'],
    ['b.s3.localhost', '/x/y', 'b', 'x/y'],
    ['b.s3.eu-west-1.amazonaws.com', '/k', 'b', 'k'],
    ['b.s3-us-west-2.amazonaws.com', '/k', 'b', 'k'],
    ['s3.eu-west-1.amazonaws.com', '/b/k', 'b', 'k'],
    ['000000000000.localhost', '/b/k', 'b', 'k'],
    ['s3.localhost', '/b/k', 'b', 'k'],
    ['standpipe', '/b/k', 'b', 'k'],
    ['127.0.0.1:4566', '/b/k', 'b', 'k'],
    ['[::1]:4566', '/b/k', 'b', 'k'],
  ] as const) {
    await send(port, 'GET', path, { host })
    const { Bucket: bucket, Key: key } = inputs.pop() ?? {}
    assert.deepEqual([bucket, key], [Bucket, Key], host)
  }
})

test('a bucket in the host name that cannot be decoded is refused, not hung up on', async (t) => {
  const { port } = await serve(t)
  for (const path of ['/', '/k']) {
    const answer = await send(port, 'GET', path, { host: '%zz.localhost' })
    assert.deepEqual([answer.status, /<Code>(\w+)</.exec(answer.body)?.[1]], [400, 'InvalidURI'])
  }
})

test('what has no operation is refused by name', async (t) => {
  const { port } = await serve(t)
  for (const [method, path, named] of [
    ['GET', '/b?acl', 'GetBucketAcl'],
    ['PUT', '/b?object-lock', 'PutObjectLockConfiguration'],
    ['PUT', '/b?acl', 'PUT /{Bucket} ?acl'],
    ['GET', '/b/k?torrent', 'GET /{Bucket}/{Key+} ?torrent'],
    ['PUT', '/b/k?tagging&versionId=1', 'PUT /{Bucket}/{Key+} ?tagging ?versionId'],
    ['PUT', '/b?versioning', 'PUT /{Bucket} ?versioning'],
    ['DELETE', '/b/k?tagging&x-id=DeleteObjectTagging', 'DeleteObjectTagging'],
  ] as const) {
    const answer = await send(port, method, path)
    assert.equal(answer.status, 501)
    assert.match(answer.body, /<Error><Code>NotImplemented</)
    assert.ok(answer.body.includes(`does not support ${named}.`), answer.body)
  }
  const form = { 'content-type': 'multipart/form-data; boundary=x' }
  assert.equal((await send(port, 'POST', '/b/k', form, '--x--')).status, 405)
  assert.equal((await send(port, 'PATCH', '/b/k')).status, 405)
  assert.equal((await send(port, 'GET', '/b/k', signedFor('lambda'))).status, 501)
  assert.equal((await send(port, 'OPTIONS', '/b/k', { origin: 'http://page.test' })).status, 405)
})

test('an unknown query member that is no subresource is ignored, as at AWS', async (t) => {
  const { port } = await serve(t)
  assert.equal((await send(port, 'GET', '/b/k?color=red')).status, 200)
})

test('headers, query members and prefixes become typed members, and back', async (t) => {
  const { port, inputs } = await serve(t)
  const headers = { range: 'bytes=0-1', 'if-modified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' }
  const answer = await send(port, 'GET', '/b/k?partNumber=7', headers)
  assert.deepEqual(inputs, [
    {
      Bucket: 'b',
      Key: 'k',
      Range: 'bytes=0-1',
      IfModifiedSince: Date.UTC(2026, 0, 2, 3, 4, 5),
      PartNumber: 7,
    },
  ])
  assert.equal(answer.status, 206)
  assert.equal(answer.headers['last-modified'], 'Fri, 02 Jan 2026 03:04:05 GMT')
  assert.equal(answer.headers['content-length'], '11')
  assert.equal(answer.headers['x-amz-meta-owner'], '=?UTF-8?Q?Zo=C3=AB_=E6=B0=B4?=')
  assert.ok(answer.headers['x-amz-request-id'] && answer.headers['x-amz-id-2'])
  const wrong = await send(port, 'GET', '/b/k?partNumber=x')
  assert.match(wrong.body, /<Code>InvalidArgument<.*<ArgumentName>partNumber</)
})

test('lists are written flat or wrapped, and control characters as references', async (t) => {
  const { port } = await serve(t)
  const { body } = await send(port, 'GET', '/b?list-type=2')
  assert.equal(
    body,
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult ${XMLNS}><Name>b</Name>` +
      '<Contents><Key>a&amp;b</Key><Size>1</Size><LastModified>1970-01-01T00:00:00.000Z</LastModified></Contents>' +
      '<Contents><Key>tab&#x1;</Key><Size>2</Size><LastModified>1970-01-01T00:00:01.000Z</LastModified></Contents>' +
      '<Wrapped><Item>x</Item><Item>y</Item></Wrapped></ListBucketResult>',
  )
})

test('an XML body is read by shape: entities and prefixes; what has no place in it is refused', async (t) => {
  const { port, inputs } = await serve(t)
  const xml = `<?xml version="1.0"?><s:Delete xmlns:s="x"><s:Quiet>true</s:Quiet>
    <s:Object><s:Key>a&#x2f;b &amp; <![CDATA[<c>]]></s:Key><s:Size>12</s:Size></s:Object><s:Object><s:Key> d </s:Key></s:Object></s:Delete>`
  const answer = await send(port, 'POST', '/b?delete', {}, xml)
  assert.deepEqual(inputs, [
    { Bucket: 'b', Delete: { Objects: [{ Key: 'a/b & <c>', Size: 12 }, { Key: ' d ' }], Quiet: true } },
  ])
  assert.match(answer.body, /<Deleted><Key>a\/b &amp; &lt;c&gt;<\/Key><\/Deleted><Deleted>/)
  const key = '<Object><Key>k</Key></Object>'
  for (const bad of [
    `<Foo>${key}</Foo>`,
    `<Delete>${key}<Other/></Delete>`,
    '<Delete>',
    '<Delete><Quiet>maybe</Quiet></Delete>',
    'x',
    '<a>'.repeat(100_000),
  ]) {
    const refused = await send(port, 'POST', '/b?delete', {}, bad)
    assert.equal(refused.status, 400)
    assert.match(refused.body, /<Code>MalformedXML</)
  }
  const large = await send(port, 'POST', '/b?delete', {}, Buffer.alloc(8 * 1024 * 1024 + 1, ' '))
  assert.match(large.body, /<Code>MaxMessageLengthExceeded</)
})

test("an exception is S3's Error, without a body for HEAD", async (t) => {
  const { port } = await serve(t)
  const answer = await send(port, 'GET', '/missing/k')
  assert.equal(answer.status, 404)
  assert.equal(answer.headers['content-type'], 'application/xml')
  assert.match(
    answer.body,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchBucket<\/Code><Message>No &lt;such&gt; bucket\.<\/Message><BucketName>missing<\/BucketName><RequestId>[0-9a-f-]+<\/RequestId><HostId>[^<]+<\/HostId><\/Error>$/,
  )
  const head = await send(port, 'HEAD', '/missing/k')
  assert.equal(head.status, 404)
  assert.equal(head.body, '')
  const found = await send(port, 'HEAD', '/b/k')
  assert.equal(found.headers['content-length'], '11')
  const deleted = await send(port, 'DELETE', '/b/k')
  assert.equal(deleted.status, 204)
  assert.equal(deleted.headers['content-length'], undefined)
})

test('a body that breaks breaks the connection, so that nobody takes a part for the whole', async (t) => {
  const { endpoint, errors } = await serve(t)
  await assert.rejects(async () => (await fetch(`${endpoint}/b/breaks`)).text())
  assert.match(String(errors[0]), /the disk is gone/)
})

test('a request that expects 100-continue is continued only when its operation reads', async (t) => {
  const { port, inputs } = await serve(t)
  const ask = (bucket: string, body: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let answer = ''
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        answer += chunk
        if (answer.startsWith('HTTP/1.1 100 ') && inputs.length === 0) socket.end(body)
      })
      socket.on('end', () => resolve(answer)).on('end', () => socket.destroy())
      socket.write(
        `PUT /${bucket}/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
      )
    })
  const refused = await ask('missing', 'never')
  assert.match(refused, /^HTTP\/1\.1 404 /)
  assert.match(refused, /\r\nConnection: close\r\n/i)
  const accepted = await ask('b', 'hello')
  assert.match(accepted, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  assert.equal(String(inputs[0]?.Body), 'hello')
})

test('aws-chunked framing is undone, its trailers are handed over', async (t) => {
  const { port, inputs } = await serve(t)
  const headers = {
    'content-encoding': 'gzip,aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '11',
    'x-amz-trailer': 'x-amz-checksum-crc32',
    'x-amz-meta-owner': 'me',
  }
  const body = '6\r\nhello \r\n5\r\nworld\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n'
  assert.equal((await send(port, 'PUT', '/b/k', headers, body)).status, 200)
  assert.deepEqual(inputs[0], {
    Bucket: 'b',
    Key: 'k',
    Body: Buffer.from('hello world'),
    ContentLength: 11,
    ContentEncoding: 'gzip',
    Metadata: { owner: 'me' },
    trailers: { 'x-amz-checksum-crc32': 'DUoRhQ==' },
  })
  const short = await send(port, 'PUT', '/b/k', { ...headers, 'x-amz-decoded-content-length': '12' }, body)
  assert.equal(short.status, 400)
  assert.match(short.body, /<Code>IncompleteBody</)
  const broken = await send(port, 'PUT', '/b/k', headers, 'zz\r\n')
  assert.match(broken.body, /<Code>InvalidRequest</)
})

test('a body that is refused halfway is answered, and its connection goes on', async (t) => {
  const { endpoint, port } = await serve(t)
  const headers = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '1',
  }
  const body = `no chunk\r\n${'x'.repeat(3_000_000)}`
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const put = () =>
    new Promise<string>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, method: 'PUT', path: '/b/k', headers, agent }
      request(options, (answer) => resolve(text(answer)))
        .on('error', reject)
        .end(body)
    })
  for (let count = 0; count < 3; count++) assert.match(await put(), /<Code>InvalidRequest</)
  const session = connectHttp2(endpoint)
  const stream = session.request({ ':method': 'PUT', ':path': '/b/k', ...headers })
  stream.end(body)
  assert.match(await text(stream), /<Code>InvalidRequest</)
  session.close()
})
