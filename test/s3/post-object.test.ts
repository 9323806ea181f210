import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3'
import { serveS3 } from './serve-s3.ts'

const CONTENT_ETAG = '"9a0364b9e99bb480dd25e1f0284c8555"'

/** `content` as a form, and what came of it. */
async function post(url: string, fields: Readonly<Record<string, string>>, file: Blob | string = 'content') {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', typeof file === 'string' ? new File([file], 'the file.txt') : file)
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, code: /<Code>(.*)<\/Code>/.exec(text)?.[1] }
}

test('PostObject makes an object with all that the fields of its form say', async (t) => {
  const { endpoint, client, errors } = await serveS3(t)
  const s3 = client()
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'lake',
      LifecycleConfiguration: {
        Rules: [{ ID: 'soon', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
      },
    }),
  )
  const { status, text, headers } = await post(`${endpoint}/lake`, {
    key: `in/$${'{filename}'}`,
    'Content-Type': 'text/plain',
    'Cache-Control': 'max-age=60',
    'Content-Disposition': 'attachment; filename="ü.txt"',
    'x-amz-meta-Colour': 'grün',
    'x-amz-storage-class': 'STANDARD_IA',
    'x-amz-checksum-algorithm': 'SHA256',
    tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>1 &amp; 2</Value></Tag></TagSet></Tagging>'.replace(
      ' &amp; ',
      '+',
    ),
    acl: 'private',
    'x-ignore-me': 'please',
  })
  assert.deepEqual([status, text], [204, ''])
  assert.equal(headers.get('etag'), CONTENT_ETAG)
  assert.equal(headers.get('location'), `${endpoint}/lake/in%2Fthe%20file.txt`)
  assert.equal(headers.get('x-amz-checksum-sha256'), '7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=')
  assert.match(headers.get('x-amz-expiration') ?? '', /rule-id="soon"/)

  const Key = 'in/the file.txt'
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'lake', Key, ChecksumMode: 'ENABLED' }))
  assert.equal(head.ContentType, 'text/plain')
  assert.equal(head.CacheControl, 'max-age=60')
  assert.equal(
    Buffer.from(head.ContentDisposition ?? '', 'latin1').toString(),
    'attachment; filename="ü.txt"',
    'as PutObject gives it back',
  )
  assert.equal(head.StorageClass, 'STANDARD_IA')
  assert.equal(head.ChecksumSHA256, '7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=')
  assert.deepEqual(head.Metadata, { colour: '=?UTF-8?Q?gr=C3=BCn?=' })
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: 'lake', Key }))
  assert.deepEqual(TagSet, [{ Key: 'a', Value: '1+2' }])
  assert.deepEqual(errors, [])
})

test('the answer is what the form asks for', async (t) => {
  const { endpoint } = await serveS3(t)
  const url = `${endpoint}/lake/`
  const location = `${endpoint}/lake/a%2Fb`
  const told = `bucket=lake&key=a%2Fb&etag=${encodeURIComponent(CONTENT_ETAG)}`
  for (const [fields, status, at] of [
    [{}, 204, location],
    [{ success_action_status: '200' }, 200, location],
    [{ success_action_status: '404' }, 204, location],
    [{ success_action_redirect: 'https://a.example/done' }, 303, `https://a.example/done?${told}`],
    [
      { redirect: 'http://a.example/?a=b#c', success_action_status: '201' },
      303,
      `http://a.example/?a=b&${told}#c`,
    ],
    [{ success_action_redirect: 'javascript:alert(1)' }, 204, location],
    [{ success_action_redirect: 'nothing' }, 204, location],
  ] as const) {
    const answer = await post(url, { key: 'a/b', ...fields })
    assert.deepEqual([answer.status, answer.text, answer.headers.get('location')], [status, '', at])
  }
  const created = await post(url, { key: 'a/b', success_action_status: '201' })
  assert.equal(created.status, 201)
  assert.equal(
    created.text,
    `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${location}</Location><Bucket>lake</Bucket><Key>a/b</Key><ETag>&quot;${CONTENT_ETAG.slice(1, -1)}&quot;</ETag></PostResponse>`,
  )
})

test('what is no form for a bucket is refused as S3 refuses it', async (t) => {
  const { endpoint, client, errors } = await serveS3(t)
  const lake = `${endpoint}/lake`
  const codeOf = async (answer: Response) => [
    answer.status,
    /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1],
  ]
  const send = (body: string, type: string) =>
    fetch(lake, { method: 'POST', body, headers: { 'content-type': type } }).then(codeOf)
  assert.deepEqual(await send('key=k', 'application/x-www-form-urlencoded'), [412, 'PreconditionFailed'])
  assert.deepEqual(await send('x', 'multipart/form-data'), [400, 'MalformedPOSTRequest'])
  assert.deepEqual(await send('x', 'multipart/form-data; boundary=x'), [400, 'MalformedPOSTRequest'])
  for (const [url, fields, code] of [
    [lake, {}, 'InvalidArgument'],
    [lake, { key: '' }, 'InvalidArgument'],
    [lake, { key: 'k'.repeat(1025) }, 'KeyTooLongError'],
    [`${endpoint}/nowhere`, { key: 'k' }, 'NoSuchBucket'],
    [`${lake}/key`, { key: 'k' }, 'MethodNotAllowed'],
    [lake, { key: 'k', 'Content-Type': 'a\r\nSet-Cookie: b' }, 'InvalidArgument'],
    [lake, { key: 'k', 'x-amz-meta-a': 'a\0' }, 'InvalidArgument'],
    [lake, { key: 'k', acl: 'public-read' }, 'AccessControlListNotSupported'],
    [lake, { key: 'k', 'x-amz-storage-class': 'COLD' }, 'InvalidStorageClass'],
    [lake, { key: 'k', 'x-amz-server-side-encryption': 'aws:kms' }, 'NotImplemented'],
    [lake, { key: 'k', 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [lake, { key: 'k', 'x-amz-checksum-algorithm': 'CRC16' }, 'InvalidRequest'],
    [lake, { key: 'k', tagging: 'a=1' }, 'MalformedXML'],
    [lake, { key: 'k', 'x-amz-meta-a': 'a'.repeat(2048) }, 'MetadataTooLarge'],
    [lake, { key: 'k', policy: 'e30=' }, 'InvalidPolicyDocument'],
  ] as const)
    assert.equal((await post(url, fields)).code, code, JSON.stringify(fields).slice(0, 80))
  const signed = await fetch(lake, {
    method: 'POST',
    body: new FormData(),
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/s3/d' },
  })
  assert.deepEqual(await codeOf(signed), [501, 'NotImplemented'])
  const { KeyCount } = await client().send(new ListObjectsV2Command({ Bucket: 'lake' }))
  assert.equal(KeyCount, 0)
  assert.deepEqual(errors, [])
})

test('a policy is held also where nobody verifies who signed it', async (t) => {
  const { endpoint } = await serveS3(t)
  const policy = (expiration: string) =>
    Buffer.from(
      JSON.stringify({ expiration, conditions: [{ bucket: 'lake' }, ['starts-with', '$key', 'in/']] }),
    ).toString('base64')
  const lasting = policy('2999-01-01T00:00:00Z')
  assert.equal((await post(`${endpoint}/lake`, { key: 'in/a', policy: lasting })).status, 204)
  assert.match((await post(`${endpoint}/lake`, { key: 'out', policy: lasting })).text, /Condition failed/)
  const over = await post(`${endpoint}/lake`, { key: 'in/a', policy: policy('2020-01-01T00:00:00Z') })
  assert.match(over.text, /Invalid according to Policy: Policy expired\./)
})

test('a refused form leaves its connection usable, however long it is', async (t) => {
  const { port } = new URL((await serveS3(t)).endpoint)
  const socket = connect(Number(port), '127.0.0.1')
  t.after(() => socket.destroy())
  const head = (length: number) =>
    `POST /lake HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${length}\r\n\r\n`
  const start =
    '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
  const large = Buffer.alloc(8 * 2 ** 20)
  socket.write(head(start.length + large.length) + start)
  socket.write(large)
  socket.write('GET /lake?location HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const bytes of socket) text += bytes
  assert.match(text, /^HTTP\/1\.1 400 [\s\S]*InvalidArgument[\s\S]*HTTP\/1\.1 200 [\s\S]*LocationConstraint/)
})

test('a client that goes away in the middle of its form leaves nothing', async (t) => {
  const { endpoint, client, s3, errors } = await serveS3(t)
  const start =
    '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
  const body = Buffer.concat([Buffer.from(start), Buffer.alloc(200_000), Buffer.from('\r\n--b--\r\n')])
  for (const cut of [0, 20, start.length - 3, start.length + 10, 150_000, body.length - 7, body.length - 1]) {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1')
    socket.write(
      `POST /lake HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.end(body.subarray(0, cut))
    for await (const _ of socket);
  }
  const { KeyCount } = await client().send(new ListObjectsV2Command({ Bucket: 'lake' }))
  assert.equal(KeyCount, 0)
  const left: string[] = []
  for await (const id of s3.blobs.list()) left.push(String(id))
  assert.deepEqual([left, errors], [[], []])
})

test('8 MiB come through as they are', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const bytes = new Uint8Array(8 * 2 ** 20).map((_, index) => (index * 31) ^ (index >> 9))
  assert.equal((await post(`${endpoint}/lake`, { key: 'large' }, new Blob([bytes]))).status, 204)
  const answer = await fetch(`${endpoint}/lake/large`)
  assert.ok(Buffer.from(await answer.arrayBuffer()).equals(bytes))
  const { ContentLength } = await client().send(new HeadObjectCommand({ Bucket: 'lake', Key: 'large' }))
  assert.equal(ContentLength, bytes.length)
})

test('a form that says it is larger than an object may be is refused before its file is sent', async (t) => {
  const { endpoint } = await serveS3(t)
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write(
    'POST /lake HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5370000000\r\n\r\n',
  )
  let text = ''
  for await (const bytes of socket) {
    text += bytes
    if (text.includes('</Error>')) break
  }
  assert.match(text, /EntityTooLarge[\s\S]*<MaxSizeAllowed>5368709120</)
})
