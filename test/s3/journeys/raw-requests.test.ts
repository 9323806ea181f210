import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import {
  DeleteObjectAnnotationCommand,
  GetObjectTaggingCommand,
  PutObjectAnnotationCommand,
  UpdateBucketMetadataAnnotationTableConfigurationCommand,
} from '@aws-sdk/client-s3'
import { signedFor } from '../../wire/signed-for.ts'
import { serveS3 } from '../serve-s3.ts'

async function serve(t: TestContext) {
  const served = await serveS3(t)
  const send = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string; code: string | undefined }>(
      (resolve, reject) => {
        const outgoing = request(`${served.endpoint}${path}`, { method, headers }, async (answer) => {
          const body = await text(answer)
          const { statusCode: status = 0, headers } = answer
          resolve({ status, headers, body, code: /<Code>(\w+)</.exec(body)?.[1] })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      },
    )
  return { ...served, send }
}

test('what is meant for an annotation touches no object', async (t) => {
  const { client, put, get } = await serve(t)
  await put('k', 'important')
  const s3 = client()
  const annotation = { Bucket: 'lake', Key: 'k', AnnotationName: 'n' }
  const refused = { name: 'NotImplemented', message: /Annotation/ }
  await assert.rejects(
    s3.send(new PutObjectAnnotationCommand({ ...annotation, AnnotationPayload: 'note' })),
    refused,
  )
  await assert.rejects(s3.send(new DeleteObjectAnnotationCommand(annotation)), refused)
  await assert.rejects(
    s3.send(
      new UpdateBucketMetadataAnnotationTableConfigurationCommand({
        Bucket: 'lake',
        AnnotationTableConfiguration: { ConfigurationState: 'DISABLED' },
      }),
    ),
    refused,
  )
  assert.equal(await get('k'), 'important')
})

test('a file name of any Latin-1 characters comes back as it was sent, and one of others is refused', async (t) => {
  const { endpoint, send, errors } = await serve(t)
  for (const name of ['attachment; filename="é.txt"', 'attachment; filename="a.txt"']) {
    // By fetch, since node:http takes this header for UTF-8.
    await fetch(`${endpoint}/lake/k`, { method: 'PUT', headers: { 'content-disposition': name }, body: 'x' })
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(method, '/lake/k')
      assert.deepEqual([answer.status, answer.headers['content-disposition']], [200, name])
    }
  }
  const signed = signedFor('s3', 'AKIDEXAMPLE', 'us-east-1')
  const chosen = await send('GET', '/lake/k?response-content-disposition=%C3%A9', signed)
  assert.deepEqual([chosen.status, chosen.headers['content-disposition']], [200, 'é'])
  const impossible = await send('GET', '/lake/k?response-content-disposition=%E2%82%AC', signed)
  assert.equal(impossible.code, 'InvalidArgument')
  assert.match(impossible.body, /<ArgumentName>response-content-disposition</)
  assert.deepEqual(errors, [])
})

test('who does not sign cannot say what an object is', async (t) => {
  const { send, errors } = await serve(t)
  await send('PUT', '/lake/k', { 'content-type': 'text/plain' }, 'x')
  for (const name of ['type', 'disposition', 'encoding', 'language'])
    for (const method of ['GET', 'HEAD'])
      assert.equal((await send(method, `/lake/k?response-content-${name}=a`)).status, 400, name)
  for (const name of ['cache-control', 'expires']) {
    const { body, code } = await send('GET', `/lake/k?response-${name}=a`)
    assert.equal(code, 'InvalidRequest')
    assert.match(body, />Request specific response headers cannot be used for anonymous GET requests\.</)
  }
  assert.deepEqual(errors, [])
})

test('whatever S3 answers is shown in a sandbox, errors and listings too', async (t) => {
  const { send } = await serve(t)
  await send('PUT', '/lake/k', { 'content-type': 'text/html' }, '<script>alert(1)</script>')
  for (const path of ['/', '/lake', '/lake/k', '/lake/none', '/nowhere/k', '/lake?versioning'])
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await send(method, path)
      const about = ['content-security-policy', 'x-content-type-options', 'cross-origin-resource-policy']
      assert.deepEqual(
        about.map((name) => headers[name]),
        ['sandbox', 'nosniff', 'cross-origin'],
        `${method} ${path}`,
      )
    }
})

test('tags are not taken away by a body that says nothing of tags', async (t) => {
  const { send, client } = await serve(t)
  await send('PUT', '/lake/k', { 'x-amz-tagging': 'a=1' }, 'x')
  for (const [body, code] of [
    ['', 'MissingRequestBodyError'],
    ['<Tagging><Tag><Key>a</Key><Value>1</Value></Tag></Tagging>', 'MalformedXML'],
    ['<Foo/>', 'MalformedXML'],
  ] as const)
    for (const path of ['/lake/k?tagging', '/lake?tagging'])
      assert.equal((await send('PUT', path, {}, body)).code, code, `${path} ${body}`)
  const { TagSet } = await client().send(new GetObjectTaggingCommand({ Bucket: 'lake', Key: 'k' }))
  assert.deepEqual(TagSet, [{ Key: 'a', Value: '1' }])
  assert.equal((await send('PUT', '/lake/k?tagging', {}, '<Tagging><TagSet/></Tagging>')).status, 200)
})

test('304 says which version the client has', async (t) => {
  const { send } = await serve(t)
  await send('PUT', '/lake/k', {}, 'x')
  const whole = await send('GET', '/lake/k')
  const { status, headers, body } = await send('GET', '/lake/k', {
    'if-none-match': String(whole.headers.etag),
  })
  assert.deepEqual([status, body], [304, ''])
  assert.equal(headers.etag, whole.headers.etag)
  assert.equal(headers['last-modified'], whole.headers['last-modified'])
  assert.equal(headers['content-type'], undefined)
})

test('a download goes on where it ended if the object is the same, and starts again if not', async (t) => {
  const { send } = await serve(t)
  await send('PUT', '/lake/k', {}, 'first')
  const { etag, 'last-modified': date } = (await send('GET', '/lake/k')).headers
  const rest = async (ifRange: unknown) => {
    const { status, body } = await send('GET', '/lake/k', { range: 'bytes=2-', 'if-range': String(ifRange) })
    return [status, body]
  }
  assert.deepEqual(await rest(etag), [206, 'rst'])
  assert.deepEqual(await rest(date), [206, 'rst'])
  for (const other of [`W/${etag}`, '"other"', 'Thu, 01 Jan 1970 00:00:00 GMT', ''])
    assert.deepEqual(await rest(other), [200, 'first'], other)
  const beyond = await send('GET', '/lake/k', { range: 'bytes=5-' })
  assert.deepEqual([beyond.status, beyond.headers['content-range']], [416, 'bytes */5'])
  await send('PUT', '/lake/k', {}, 'second')
  assert.deepEqual(await rest(etag), [200, 'second'])
})

test('an upload that does not say how long it is makes no empty object', async (t) => {
  const { endpoint, send } = await serve(t)
  const upload = async (...headers: string[]) => {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1')
    socket.write(['PUT /lake/k HTTP/1.1', 'Host: s3', 'Connection: close', ...headers, '', ''].join('\r\n'))
    return (await text(socket)).replaceAll('\r', '')
  }
  assert.match(
    await upload(),
    /^HTTP\/1.1 411 Length Required\n.*<Code>MissingContentLength<\/Code><Message>You must provide the Content-Length HTTP header\.</s,
  )
  assert.equal((await send('GET', '/lake/k')).code, 'NoSuchKey')
  assert.match(await upload('Content-Length: 0'), /^HTTP\/1.1 200 OK/)
  assert.equal((await send('GET', '/lake/k')).body, '')
})

test('over HTTP/2, where a body tells its own end, an upload needs neither length nor authority', async (t) => {
  const { endpoint, get } = await serve(t)
  const session = connectHttp2(endpoint)
  t.after(() => session.close())
  const upload = session.request({ ':method': 'PUT', ':path': '/lake/k', host: 's3' })
  upload.end('whole')
  assert.equal(await text(upload), '')
  assert.equal(await get('k'), 'whole')
})

test('senseless input is refused with the name of what is wrong', async (t) => {
  const { send, errors } = await serve(t)
  await send('PUT', '/lake/k', {}, 'x')
  const upload = /<UploadId>([^<]+)</.exec((await send('POST', '/lake/big?uploads')).body)?.[1]
  const copy = { 'x-amz-copy-source': '/lake/k' }
  const encrypted = { 'x-amz-server-side-encryption': 'AES256' }
  for (const [method, path, headers, code] of [
    ['PUT', '/lake/c', { ...copy, 'x-amz-checksum-algorithm': 'FOO' }, 'InvalidRequest'],
    ['GET', `/lake/big?uploadId=${upload}&part-number-marker=abc`, {}, 'InvalidArgument'],
    ['GET', '/lake?list-type=2&max-keys=99999999999', {}, 'InvalidArgument'],
    ['GET', '/lake?list-type=2&max-keys=1.5', {}, 'InvalidArgument'],
    ['GET', '/lake?versions&version-id-marker=x', {}, 'InvalidArgument'],
    ['GET', '/lake?uploads&key-marker=k&upload-id-marker=x', {}, 'InvalidArgument'],
    ['GET', '/lake?versions&version-id-marker=', {}, 'InvalidArgument'],
    ['GET', '/lake?versions&key-marker=k&version-id-marker=', {}, 'InvalidArgument'],
    ['GET', '/lake?versions&key-marker=k&version-id-marker=x', {}, 'InvalidArgument'],
    ['PUT', `/lake/big?partNumber=&uploadId=${upload}`, {}, 'InvalidArgument'],
    ['DELETE', '/lake/k', { 'x-amz-bypass-governance-retention': 'true' }, 'InvalidArgument'],
    ['PUT', '/lake?lifecycle', { 'x-amz-transition-default-minimum-object-size': 'FOO' }, 'InvalidRequest'],
    ['PUT', '/lake/c', { 'x-amz-storage-class': 'FOO' }, 'InvalidStorageClass'],
    ['GET', '/lake/k', encrypted, 'InvalidArgument'],
    ['GET', '/lake/k?attributes', { ...encrypted, 'x-amz-object-attributes': 'ETag' }, 'InvalidArgument'],
    ['PUT', `/lake/big?partNumber=1&uploadId=${upload}`, encrypted, 'InvalidArgument'],
  ] as const)
    assert.equal((await send(method, path, headers)).code, code, `${method} ${path}`)
  assert.equal((await send('GET', '/lake/k')).body, 'x')
  assert.deepEqual(errors, [])
})

test('what a presigned link says about the object holds, what it says about the body does not', async (t) => {
  const { send } = await serve(t)
  const signed =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20261125%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0' +
    `&X-Amz-SignedHeaders=host&X-Amz-Expires=60&X-Amz-Date=${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`
  const body = 'x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&X-Amz-Content-Sha256=00'
  const said = `x-amz-meta-from=%E2%80%94&x-amz-meta-to=there&x-amz-storage-class=STANDARD_IA&${body}`
  assert.equal((await send('PUT', `/lake/k?${signed}&${said}`, { 'x-amz-meta-to': 'here' }, 'x')).status, 200)
  const { headers } = await send('HEAD', '/lake/k')
  assert.equal(headers['x-amz-meta-from'], '=?UTF-8?B?4oCU?=')
  assert.equal(headers['x-amz-meta-to'], 'here')
  assert.equal(headers['x-amz-storage-class'], 'STANDARD_IA')
  for (const [more, code] of [
    ['If-None-Match=*', 'PreconditionFailed'],
    ['if-match=%22other%22', 'PreconditionFailed'],
    ['x-amz-server-side-encryption=aws%3Akms', 'NotImplemented'],
  ] as const)
    assert.equal((await send('PUT', `/lake/k?${signed}&${more}`, {}, 'y')).code, code)
  assert.equal((await send('PUT', `/lake/copy?${signed}&x-amz-copy-source=lake%2Fk`)).status, 200)
  assert.equal((await send('GET', '/lake/copy')).body, 'x')
})

test('a number that is left empty is not given', async (t) => {
  const { send } = await serve(t)
  const upload = /<UploadId>([^<]+)</.exec((await send('POST', '/lake/big?uploads')).body)?.[1]
  for (const [path, element] of [
    ['/lake?max-keys=', '<MaxKeys>1000<'],
    ['/lake?list-type=2&max-keys=', '<MaxKeys>1000<'],
    ['/lake?versions&max-keys=&key-marker=k&version-id-marker=null', '<MaxKeys>1000<'],
    ['/lake?uploads&max-uploads=', '<MaxUploads>1000<'],
    [`/lake/big?uploadId=${upload}&max-parts=&part-number-marker=`, '<MaxParts>1000<'],
  ] as const)
    assert.ok((await send('GET', path)).body.includes(element), path)
})
