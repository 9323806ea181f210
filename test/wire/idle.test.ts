import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../until.ts'
import { serve, signedFor } from './serve.ts'

/** Long enough for a busy machine to read what was sent before it runs out. */
const PATIENCE_MS = 200
const impatient = (t: TestContext) => serve(t, undefined, undefined, PATIENCE_MS)

const s3 = Object.entries(signedFor('s3')).map((header) => header.join(': '))
const kinesis = [
  ...Object.entries(signedFor('kinesis')).map((header) => header.join(': ')),
  'X-Amz-Target: Kinesis_20131202.ListStreams',
  'Content-Type: application/x-amz-json-1.1',
]

async function ask(port: number, lines: readonly string[], body: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${[...lines, 'Host: localhost'].join('\r\n')}\r\n\r\n${body}`)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}

test('a body that stops arriving is answered with RequestTimeout', async (t) => {
  const { port, errors } = await impatient(t)
  for (const [line, headers] of [
    ['PUT /b/k HTTP/1.1', s3],
    ['POST /b?delete HTTP/1.1', s3],
    ['POST / HTTP/1.1', kinesis],
  ] as const) {
    const answer = await ask(port, [line, ...headers, 'Content-Length: 10'], 'half')
    assert.match(answer, /^HTTP\/1\.1 400 /, line)
    assert.match(answer, /RequestTimeout/, line)
  }
  assert.deepEqual(errors, [])
})

test('a connection on which nothing is asked is hung up on', async (t) => {
  const { port } = await impatient(t)
  for (const beginning of ['', 'GET / HTTP/1.1\r\n']) {
    const socket = connect(port, '127.0.0.1').resume()
    socket.write(beginning)
    await once(socket, 'close')
  }
})

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
const GOAWAY = Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, ...new Uint8Array(8)])

test('an HTTP/2 client that is silent, or wants no more, is hung up on though it never says goodbye', async (t) => {
  const { port, connections } = await serve(t, undefined, undefined, 20)
  for (const last of ['', GOAWAY]) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).resume()
    t.after(() => socket.destroy())
    socket.write(Buffer.concat([PREFACE, SETTINGS, Buffer.from(last)]))
    await once(socket, 'end')
    await until(() => connections() === 0)
  }
})

test('what takes this server long does not end a connection', async (t) => {
  const slow = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    AbortSignal.timeout(3 * PATIENCE_MS).addEventListener('abort', () => resolve())
    await promise
    return { status: 200, headers: {}, body: 'at last' }
  }
  const { endpoint } = await serve(t, slow, undefined, PATIENCE_MS)
  const answer = await fetch(`${endpoint}/_standpipe/`)
  assert.equal(await answer.text(), 'at last')
})

test('an expectation that is none is overlooked', async (t) => {
  const { port } = await serve(t)
  for (const expect of ['200', '', 'x'])
    assert.match(
      await ask(
        port,
        ['PUT /b/k HTTP/1.1', ...s3, `Expect: ${expect}`, 'Content-Length: 2', 'Connection: close'],
        'ok',
      ),
      /^HTTP\/1\.1 200 /,
    )
})
