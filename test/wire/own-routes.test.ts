import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get as getPlain } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { get as getSecure } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { certificate, serve } from './serve.ts'

test('what is under /_standpipe/ is answered by our own routes, and only that', async (t) => {
  const { endpoint, errors } = await serve(t, async ({ method, path, query, headers, body }) => {
    if (path === '/_standpipe/broken') throw new Error('the page is broken')
    if (path === '/_standpipe/stream') {
      return {
        status: 200,
        headers: {},
        body: (async function* () {
          yield Buffer.from('a')
          yield Buffer.from('b')
        })(),
      }
    }
    if (path !== '/_standpipe/echo' && path !== '/_localstack/health') return undefined
    const text = [method, query.get('q'), headers.get('x-a'), Buffer.from(await body()).toString()].join(' ')
    return { status: 201, headers: { 'content-type': 'text/plain' }, body: text }
  })
  const post = (body: string) =>
    fetch(`${endpoint}/_standpipe/echo?q=1`, { method: 'POST', body, headers: { 'X-A': 'b' } })
  const echoed = await post('hello')
  assert.equal(echoed.status, 201)
  assert.equal(await echoed.text(), 'POST 1 b hello')
  assert.equal((await fetch(`${endpoint}/_localstack/health`)).status, 201)
  assert.equal(await (await fetch(`${endpoint}/_standpipe/stream`)).text(), 'ab')
  const missing = await fetch(`${endpoint}/_standpipe/nothing`)
  assert.equal(missing.status, 404)
  assert.deepEqual(await missing.json(), {
    code: 'NotFound',
    message: 'There is no page /_standpipe/nothing.',
  })
  assert.equal((await post('x'.repeat(1024 * 1024 + 1))).status, 413)
  assert.equal((await fetch(`${endpoint}/_standpipe/broken`)).status, 500)
  assert.match(String(errors[0]), /the page is broken/)
  assert.match(await (await fetch(`${endpoint}/_localstack/other`)).text(), /hello world/)
})

test('who is asked knows at which address, whichever way the question came', async (t) => {
  const { port } = await serve(t, async ({ caller }) => ({ status: 200, headers: {}, body: caller.url }))
  const [path, ca] = ['/_standpipe/a%20b//../c', certificate.cert]
  for (const [scheme, get] of [
    ['http', getPlain],
    ['https', getSecure],
  ] as const) {
    const origin = `${scheme}://127.0.0.1:${port}`
    const target = { host: '127.0.0.1', port, path: `${path}?q=1`, ca, agent: false } as const
    const [answer] = await once(get(target), 'response')
    assert.equal(await text(answer), origin + path)
    const session = connectHttp2(origin, { ca })
    assert.equal(await text(session.request({ ':path': `${path}?q=1` })), origin + path)
    session.close()
  }
})

test("a request's signal aborts when its client goes away, and that is no error of ours", async (t) => {
  const aborted = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  const { endpoint, errors } = await serve(t, async ({ body }) => {
    arrived.resolve()
    await body().catch(() => aborted.resolve())
    throw new Error('nobody is there to be told')
  })
  const abort = new AbortController()
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('half')) })
  const gone = fetch(`${endpoint}/_standpipe/x`, {
    method: 'POST',
    body,
    duplex: 'half',
    signal: abort.signal,
  } as RequestInit)
  gone.catch(() => undefined)
  await arrived.promise
  abort.abort()
  await aborted.promise
  await assert.rejects(gone)
  assert.deepEqual(errors, [])
})

/** A frame of HTTP/2 (RFC 9113). */
function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

test('a body that HTTP/2 resets is never taken for whole', async (t) => {
  const outcome = Promise.withResolvers<string>()
  const begun = Promise.withResolvers<void>()
  const { port, errors } = await serve(t, async ({ body }) => {
    begun.resolve()
    await body().then(
      (bytes) => outcome.resolve(`read ${bytes.length} bytes`),
      () => outcome.resolve('rejected'),
    )
    return undefined
  })
  const socket = connect(port, '127.0.0.1')
  // :method POST, :scheme http, :path /_standpipe/x, :authority x
  const path = Buffer.from('/_standpipe/x')
  const headers = Buffer.concat([
    Buffer.from([0x83, 0x86, 0x44, path.length]),
    path,
    Buffer.from([0x41, 1, 0x78]),
  ])
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(4, 0, 0, Buffer.alloc(0)))
  socket.write(frame(1, 4, 1, headers))
  socket.write(frame(0, 0, 1, Buffer.from('half')))
  // Nobody would begin with a request that was taken back before.
  await begun.promise
  socket.write(frame(3, 0, 1, Buffer.from([0, 0, 0, 8])))
  assert.equal(await outcome.promise, 'rejected')
  assert.deepEqual(errors, [])
  socket.destroy()
})

test('an upload that HTTP/2 resets before it is read is never taken for an empty one', async (t) => {
  const { port, inputs, errors } = await serve(t)
  const socket = connect(port, '127.0.0.1')
  const path = Buffer.from('/bucket/key')
  const headers = Buffer.concat([
    Buffer.from([0x42, 3]),
    Buffer.from('PUT'),
    Buffer.from([0x86, 0x44, path.length]),
    path,
    Buffer.from([0x41, 1, 0x78]),
  ])
  socket.write(
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      frame(4, 0, 0, Buffer.alloc(0)),
      frame(1, 4, 1, headers),
      frame(0, 0, 1, Buffer.from('half')),
      frame(3, 0, 1, Buffer.from([0, 0, 0, 8])),
    ]),
  )
  // Another request on the same connection is answered after it.
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const after = session.request({ ':path': '/_standpipe/x' }).resume()
  await once(after, 'end')
  session.close()
  socket.destroy()
  assert.deepEqual([inputs, errors], [[], []])
})

test('over HTTP/2 too an answer that breaks is broken off, and its source is let go when the client leaves', async (t) => {
  const released = Promise.withResolvers<void>()
  const { endpoint, errors } = await serve(t, async ({ path }) => ({
    status: 200,
    headers: {},
    body: (async function* () {
      try {
        yield Buffer.alloc(1000)
        if (path.endsWith('breaks')) throw new Error('the disk is gone')
        for (;;) yield Buffer.alloc(1_000_000)
      } finally {
        released.resolve()
      }
    })(),
  }))
  const session = connectHttp2(endpoint)
  const broken = session.request({ ':path': '/_standpipe/breaks' }).resume()
  await assert.rejects(once(broken, 'end'))
  assert.match(String(errors[0]), /the disk is gone/)
  const endless = session.request({ ':path': '/_standpipe/endless' })
  await once(endless, 'data')
  endless.close(8)
  await released.promise
  session.close()
  assert.equal(errors.length, 1)
})

test('an answer of other bytes than it announced is cut, and nobody waits for the rest', async (t) => {
  const { port, endpoint, errors } = await serve(t, async ({ query }) => ({
    status: 200,
    headers: { 'content-length': '6' },
    body: (async function* () {
      for (const piece of query.get('pieces')!.split(',')) yield Buffer.from(piece)
    })(),
  }))
  const agent = new Agent({ keepAlive: true, timeout: 10_000 })
  t.after(() => agent.destroy())
  const session = connectHttp2(endpoint)
  t.after(() => session.close())
  const ask = (pieces: string) => {
    const path = `/_standpipe/x?pieces=${pieces}`
    const plain = new Promise<string>((resolve, reject) => {
      const asking = getPlain({ host: '127.0.0.1', port, path, agent }, (answer) =>
        text(answer).then(resolve, reject),
      )
      asking.on('error', reject)
    })
    return [plain, text(session.request({ ':path': path }))]
  }
  for (const whole of ask('ab,cd,ef')) assert.equal(await whole, 'abcdef')
  assert.equal(errors.length, 0)
  for (const wrong of ['ab,cd', 'ab', 'ab,cdefg'])
    for (const { status } of await Promise.allSettled(ask(wrong))) assert.equal(status, 'rejected')
  assert.equal(errors.length, 6)
  assert.match(String(errors[0]), /lacks 2 of the 6 bytes/)
})
