import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { get as getSecure } from 'node:https'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { createAuthority, issueServerCertificate } from '../../src/server/certificates/issue.ts'
import type { Handler } from '../../src/wire/exchange.ts'
import { listen, protocolOf } from '../../src/wire/listener.ts'
import { certificate } from './serve.ts'

/** Echoes the body behind the method and the HTTP version. */
const echo: Handler = (request, response) => {
  void text(request).then((body) => {
    const { httpVersion } = request as { httpVersion?: string }
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.end(`${request.method} ${httpVersion} ${body}`)
  })
}

async function open(t: TestContext, handle: Handler = echo) {
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    handle,
    onError: (error) => assert.fail(String(error)),
  })
  t.after(() => listener.close(0))
  return listener
}

async function ask(session: ClientHttp2Session, body = ''): Promise<string> {
  const stream = session.request({ ':method': 'POST', ':path': '/' })
  stream.end(body)
  return text(stream)
}

async function raw(
  port: number,
  pieces: readonly (string | Buffer)[],
): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  for (const piece of pieces) {
    socket.write(piece)
    // The next piece must come as a packet of its own.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const [answer] = await once(socket, 'data')
  return { socket, answer: String(answer) }
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])

test('the first bytes tell the protocol, and no more of them than needed', () => {
  assert.equal(protocolOf(Buffer.from('')), undefined)
  assert.equal(protocolOf(Buffer.from('P')), undefined)
  assert.equal(protocolOf(Buffer.from('PRI')), undefined)
  assert.equal(protocolOf(Buffer.from('PRI * HTTP/2.0')), 'http2')
  assert.equal(protocolOf(Buffer.from('PU')), 'http1')
  assert.equal(protocolOf(Buffer.from('PROPFIND /')), 'http1')
  assert.equal(protocolOf(Buffer.from('G')), 'http1')
  assert.equal(protocolOf(Buffer.from([0x16, 3, 1])), 'tls')
})

test('HTTP/1.1, h2c, and both over TLS are served on one port', async (t) => {
  const { port } = await open(t)
  const [plain] = await once(get({ port, host: '127.0.0.1', agent: false }), 'response')
  assert.equal(await text(plain), 'GET 1.1 ')
  const [secure] = await once(
    getSecure({ port, host: '127.0.0.1', ca: certificate.cert, agent: false }),
    'response',
  )
  assert.equal(await text(secure), 'GET 1.1 ')
  for (const url of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`]) {
    const session = connectHttp2(url, { ca: certificate.cert })
    assert.equal(await ask(session, 'hello'), 'POST 2.0 hello')
    session.close()
  }
})

test('a renewed certificate is shown to those who connect from then on, and ends no connection', async (t) => {
  const { port, renewTls } = await open(t)
  const held = connectHttp2(`https://127.0.0.1:${port}`, { ca: certificate.cert })
  assert.equal(await ask(held, 'before'), 'POST 2.0 before')
  const authority = createAuthority(Date.now())
  renewTls(issueServerCertificate(authority, ['127.0.0.1'], Date.now()))
  assert.equal(await ask(held, 'after'), 'POST 2.0 after')
  held.close()
  const next = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.cert })
  assert.equal(await ask(next, 'hello'), 'POST 2.0 hello')
  next.close()
})

test("HTTP/2's preface over TLS needs no ALPN, as older Java SDKs send it", async (t) => {
  const { port } = await open(t)
  const session = connectHttp2(`https://127.0.0.1:${port}`, {
    createConnection: () => {
      const socket = connectTls({ port, host: '127.0.0.1', ca: certificate.cert })
      socket.once('secureConnect', () => assert.equal(socket.alpnProtocol, false))
      return socket
    },
  })
  assert.equal(await ask(session, 'hello'), 'POST 2.0 hello')
  session.close()
})

test('a request that comes byte by byte is served, and one byte alone hangs nobody else', async (t) => {
  const { port } = await open(t)
  const lone = connect(port, '127.0.0.1')
  lone.write('P')
  await once(lone, 'connect')
  const { socket, answer } = await raw(port, [...'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi'])
  assert.match(answer, /^HTTP\/1\.1 200 OK/)
  socket.destroy()
  const h2 = await raw(port, [PREFACE.slice(0, 2), PREFACE.slice(2, 3), PREFACE.slice(3), EMPTY_SETTINGS])
  assert.equal(h2.answer.charCodeAt(3), 4, "the server's SETTINGS frame")
  h2.socket.destroy()
  lone.destroy()
})

test('a request whose client ends its half of the connection with it is answered', async (t) => {
  const { port } = await open(t)
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  assert.match(await text(socket), /GET 1\.1 /)
})

test('h2c connections that their clients end, without a word of HTTP/2, leave no socket behind', async (t) => {
  const { port } = await open(t)
  for (let count = 0; count < 10; count++) {
    const { socket } = await raw(port, [PREFACE, EMPTY_SETTINGS])
    // Closes only when the server ends its half as well.
    socket.resume().end()
    await once(socket, 'close')
  }
})

test('clients that say nothing, too little, or take too long for their headers are hung up on', async (t) => {
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    handle: echo,
    patienceMs: 20,
    onError: () => undefined,
  })
  t.after(() => listener.close(0))
  const beginnings = ['', 'PR', 'GET / HTTP/1.1\r\nHost']
  const sockets = beginnings.map((beginning) => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write(beginning)
    return socket.resume()
  })
  const secure = connectTls({ port: listener.port, host: '127.0.0.1', ca: certificate.cert }).resume()
  await Promise.all([...sockets, secure].map((socket) => once(socket, 'close')))
})

test('a port in use is refused with EADDRINUSE', async (t) => {
  const { port } = await open(t)
  await assert.rejects(listen({ host: '127.0.0.1', port, handle: echo, onError: () => undefined }), {
    code: 'EADDRINUSE',
  })
})

test('without a certificate a TLS client is hung up on', async (t) => {
  const listener = await listen({ host: '127.0.0.1', port: 0, handle: echo, onError: () => undefined })
  t.after(() => listener.close(0))
  const socket = connectTls({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false })
  await assert.rejects(once(socket, 'secureConnect'))
})

test('an answer that comes before the body was read reaches the client, over both versions', async (t) => {
  const { port } = await open(t, (_request, response) => {
    response.writeHead(403, { 'content-length': 2 })
    response.end('no')
  })
  const body = 'x'.repeat(3_000_000)
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'PUT', body })
  assert.equal(await answer.text(), 'no')
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  assert.equal(await ask(session, body), 'no')
  session.close()
})

test('close() ends what is idle at once, of every kind', async (t) => {
  const { port, close } = await open(t)
  const silent = connect(port, '127.0.0.1')
  const half = connect(port, '127.0.0.1')
  half.write('P')
  const keptAlive = (await raw(port, ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'])).socket
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const secure = connectHttp2(`https://127.0.0.1:${port}`, { ca: certificate.cert })
  await Promise.all([ask(session), ask(secure)])
  // It is told all, and says no goodbye.
  const stubborn = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  stubborn.write(Buffer.concat([Buffer.from(PREFACE), EMPTY_SETTINGS]))
  await once(stubborn, 'data')
  t.after(() => stubborn.destroy())
  stubborn.on('error', () => undefined).resume()
  const ends = [silent, half, keptAlive, session, secure].map((end) =>
    once(
      end.on('error', () => undefined),
      'close',
    ),
  )
  for (const socket of [silent, half, keptAlive]) socket.resume()
  // A grace that no test waits for: only the idle ends make this resolve in time.
  await close(3_600_000)
  await Promise.all(ends)
  await assert.rejects(once(connect(port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' })
})

test('close() waits for what is in flight', async (t) => {
  const pending: (() => void)[] = []
  const arrived = Promise.withResolvers<void>()
  const { port, close } = await open(t, (_request, response) => {
    pending.push(() => {
      response.writeHead(200, {})
      response.end('done')
    })
    if (pending.length === 2) arrived.resolve()
  })
  const session = connectHttp2(`http://127.0.0.1:${port}`)
  const answers = [fetch(`http://127.0.0.1:${port}`).then((answer) => answer.text()), ask(session)]
  await arrived.promise
  const closed = close(3_600_000)
  for (const answer of pending) answer()
  assert.deepEqual(await Promise.all(answers), ['done', 'done'])
  await closed
})

test('close() cuts off what does not end within its grace', async (t) => {
  const arrived = Promise.withResolvers<void>()
  const { port, close } = await open(t, () => arrived.resolve())
  const hanging = fetch(`http://127.0.0.1:${port}`)
  hanging.catch(() => undefined)
  await arrived.promise
  await close(10)
  await assert.rejects(hanging)
})
