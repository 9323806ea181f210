import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { serveS3 } from '../s3/serve-s3.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { deadEndpoint, objectOf, remoteAt, unending } from './remote-lab.ts'

const KEY = 'raw/2026/07/object'
const md5Of = (bytes: string) => createHash('md5').update(bytes).digest('hex')

async function storedIn(s3: S3Client, Key = KEY) {
  const { Body, ...found } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key }))
  return { ...found, text: (await Body?.transformToString()) ?? '' }
}
const keysOf = async (s3: S3Client) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map(({ Key }) => Key)

test('an object is put with its type, encoding and checksum', async (t) => {
  const { endpoint, client, errors } = await serveS3(t)
  const put = await remoteAt(endpoint).put({ ...objectOf('hello'), contentEncoding: 'zip' }, unending)
  assert.deepEqual(put, { etag: md5Of('hello'), sizeBytes: 5 })
  const s3 = client()
  const { text, ContentType, ContentEncoding } = await storedIn(s3)
  assert.deepEqual([text, ContentType, ContentEncoding], ['hello', 'application/octet-stream', 'zip'])
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'lake', Key: KEY, ChecksumMode: 'ENABLED' }))
  assert.equal(head.ChecksumSHA256, createHash('sha256').update('hello').digest('base64'))
  assert.deepEqual(errors, [])
})

test('keys of all kinds, and no bytes at all, arrive as they are', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const keys = ["a b+c/ü&=?#%/(it's)*!~", '/leading//double/', 'back\\slash', '日本語']
  for (const key of keys) await remoteAt(endpoint).put(objectOf('', { key }), unending)
  assert.deepEqual((await keysOf(client())).sort(), [...keys].sort())
})

test('a key that no URL can say is refused by name', async () => {
  for (const key of ['a/../b', './a', 'a/..'])
    await assert.rejects(remoteAt('http://127.0.0.1:1').put(objectOf('x', { key }), unending), {
      name: 'RemoteFailure',
      isUncertain: false,
      message: /'\.' or '\.\.'/,
    })
})

test('an object that was stored before the connection was cut counts as put, once', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const proxy = await startFaultProxy(t, endpoint)
  proxy.fail('cut after it is stored')
  const object = objectOf('hello')
  const put = await remoteAt(proxy.endpoint).put(object, unending)
  assert.deepEqual(put, { etag: md5Of('hello'), sizeBytes: 5 })
  assert.deepEqual(proxy.seen, ['PUT: cut after it is stored', 'HEAD'])
  assert.deepEqual(await keysOf(client()), [KEY])
})

test('an answer that does not come within the idle time is looked for', async (t) => {
  const { endpoint } = await serveS3(t)
  const proxy = await startFaultProxy(t, endpoint)
  proxy.fail('silence after it is stored')
  const put = await remoteAt(proxy.endpoint, { idleMs: 300 }).put(objectOf('hello'), unending)
  assert.equal(put.etag, md5Of('hello'))
})

test('a connection cut before the object was stored is a failure whose end is uncertain', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const proxy = await startFaultProxy(t, endpoint)
  proxy.fail('cut at once')
  const remote = remoteAt(proxy.endpoint)
  await assert.rejects(remote.put(objectOf('hello'), unending), {
    code: 'InternalError',
    isUncertain: true,
    message: /^no answer from http:\/\/127\.0\.0\.1:\d+: /,
  })
  assert.deepEqual(await keysOf(client()), [])
  await remote.put(objectOf('hello'), unending)
  assert.deepEqual(await keysOf(client()), [KEY])
})

test('an object that is there already with the same bytes counts as put', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const s3 = client()
  const object = objectOf('hello')
  // As somebody else may have put it: with another checksum, so that the ETag decides.
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: KEY, Body: 'hello', ChecksumAlgorithm: 'CRC32' }))
  const before = (await storedIn(s3)).LastModified
  assert.deepEqual(await remoteAt(endpoint).put(object, unending), { etag: md5Of('hello'), sizeBytes: 5 })
  assert.deepEqual((await storedIn(s3)).LastModified, before)
})

test('an object that is there already with other bytes stays, and is named', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const s3 = client()
  for (const [other, ChecksumAlgorithm] of [
    ['other, longer', 'SHA256'],
    ['other', 'SHA256'],
    ['other', 'CRC32'],
  ] as const) {
    await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: KEY, Body: other, ChecksumAlgorithm }))
    await assert.rejects(remoteAt(endpoint).put(objectOf('hello'), unending), {
      code: 'PreconditionFailed',
      isUncertain: false,
      message: new RegExp(`^another object is at lake/${KEY}: ${other.length} bytes, ETag ${md5Of(other)}`),
    })
    assert.equal((await storedIn(s3)).text, other)
  }
})

test('what the other S3 answers is the failure: its code, its message and whether its end is certain', async (t) => {
  const { endpoint, client } = await serveS3(t)
  const proxy = await startFaultProxy(t, endpoint)
  const remote = remoteAt(proxy.endpoint)
  await assert.rejects(remote.put(objectOf('x', { bucket: 'nowhere' }), unending), {
    code: 'NoSuchBucket',
    status: 404,
    isUncertain: false,
    message: 'The specified bucket does not exist',
  })
  proxy.fail('answer 500', 'answer 503', 'answer 200')
  const answers = [
    { code: 'InternalError', status: 500, isUncertain: true, message: /answered 500 InternalError$/ },
    { code: 'SlowDown', status: 503, isUncertain: true },
    // A web server that takes everything must not pass for an S3. The object is looked for, in vain.
    { code: 'InternalError', isUncertain: true, message: /without an ETag/ },
  ]
  for (const answer of answers) await assert.rejects(remote.put(objectOf('hello'), unending), answer)
  assert.deepEqual(await keysOf(client()), [])
  await remote.put(objectOf('hello'), unending)
  assert.equal((await storedIn(client())).text, 'hello')
})

test('a refusal in the midst of a large body is heard', async (t) => {
  const server = createServer((_asked, response) => {
    response
      .writeHead(403)
      .end('<Error><Code>AccessDenied</Code><Message>Not &quot;you&quot;</Message></Error>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const large = objectOf(Buffer.alloc(32 * 2 ** 20))
  await assert.rejects(remoteAt(`http://127.0.0.1:${port}`).put(large, unending), {
    code: 'AccessDenied',
    message: 'Not "you"',
    isUncertain: false,
  })
})

test('where nobody listens nothing was stored, and nothing is looked for', async () => {
  await assert.rejects(remoteAt(await deadEndpoint()).put(objectOf('hello'), unending), {
    code: 'InternalError',
    isUncertain: false,
    message: /^no answer from http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED [\d.:]+$/,
  })
})

test('a body that fails or is not the same again is not stored', async (t) => {
  const { endpoint, client } = await serveS3(t)
  for (const second of ['holla', 'hell']) {
    const contents = ['hello', second]
    const changing = {
      ...objectOf(''),
      async *body() {
        yield Buffer.from(contents.shift() ?? 'hello')
      },
    }
    await assert.rejects(remoteAt(endpoint).put(changing, unending), { name: 'RemoteFailure' })
  }
  const failing = {
    ...objectOf(''),
    // biome-ignore lint/correctness/useYield: it fails before its first chunk
    async *body(): AsyncGenerator<Uint8Array> {
      throw new Error('the log is gone')
    },
  }
  await assert.rejects(remoteAt(endpoint).put(failing, unending), { message: 'the log is gone' })
  assert.deepEqual(await keysOf(client()), [])
})

test('a body is read to its end last, and is always closed', async (t) => {
  const { endpoint } = await serveS3(t)
  const log: string[] = []
  const object = {
    ...objectOf(''),
    async *body() {
      log.push('begins')
      try {
        for (let index = 0; index < 64; index++) yield Buffer.alloc(65_536, index)
        log.push('is whole')
      } finally {
        log.push('ends')
      }
    },
  }
  await assert.rejects(remoteAt(await deadEndpoint()).put(object, unending))
  assert.deepEqual(log.splice(0), ['begins', 'is whole', 'ends', 'begins', 'ends'])
  const remote = remoteAt(endpoint)
  await remote.put(object, unending)
  log.splice(0)
  await remote.put(object, unending)
  assert.deepEqual(log.slice(-3), ['begins', 'is whole', 'ends'])
  assert.equal(log.filter((what) => what === 'begins').length, log.filter((what) => what === 'ends').length)
})

test('a put that is called off ends at once and looks for nothing', async (t) => {
  const { endpoint } = await serveS3(t)
  const proxy = await startFaultProxy(t, endpoint)
  proxy.fail('silence after it is stored')
  const closing = new AbortController()
  const put = remoteAt(proxy.endpoint).put(objectOf('hello'), closing.signal)
  await Promise.all([proxy.asked().then(() => closing.abort()), assert.rejects(put)])
  assert.equal(proxy.seen.includes('HEAD'), false)
})

test('130 MiB go out chunk by chunk, never far ahead of what has arrived', async (t) => {
  const MiB = 2 ** 20
  const [count, hash] = [130, createHash('sha256')]
  let [sent, arrived, ahead] = [0, 0, 0]
  const server = createServer(async (asked, response) => {
    for await (const chunk of asked) {
      arrived += chunk.length
      hash.update(chunk)
    }
    response.writeHead(200, { etag: '"e"' }).end()
    assert.equal(hash.digest('hex'), asked.headers['x-amz-content-sha256'])
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const chunk = Buffer.alloc(MiB, 'standpipe')
  let reads = 0
  const object = {
    ...objectOf(''),
    async *body() {
      const isSent = reads++ === 1
      for (let index = 0; index < count; index++) {
        yield chunk
        if (isSent) sent += MiB
        if (isSent) ahead = Math.max(ahead, sent - arrived)
      }
    },
  }
  assert.deepEqual(await remoteAt(`http://127.0.0.1:${port}`).put(object, unending), {
    etag: 'e',
    sizeBytes: count * MiB,
  })
  assert.equal(arrived, count * MiB)
  assert.ok(ahead < 16 * MiB, `${ahead / MiB} MiB ahead`)
})
