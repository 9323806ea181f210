import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { createFlights, type EndReason } from '../../../src/wire/flight/flights.ts'
import type { OwnRoutes } from '../../../src/wire/own-routes.ts'
import { until } from '../../until.ts'
import { letEverybodyIn } from '../let-everybody-in.ts'
import { certificate, serve, signedFor } from '../serve.ts'

const MIB = 2 ** 20
const large = Buffer.alloc(64 * MIB, 'x')

/** A server whose machine's time is the test's. */
async function watched(t: TestContext, ownRoutes?: OwnRoutes, totalBytes = 128 * MIB) {
  let time = 0
  const ended: EndReason[] = []
  let refused = 0
  const flights = createFlights({
    ...{ totalBytes, patienceMs: 5_000, now: () => time },
    onEnded: (reason) => void ended.push(reason),
    onRefused: () => void refused++,
  })
  const server = await serve(t, ownRoutes, undefined, undefined, letEverybodyIn, flights)
  const later = (durationMs: number) => {
    time += durationMs
    flights.look()
  }
  return { ...server, flights, ended, later, refused: () => refused }
}

const head = (line: string, headers: Readonly<Record<string, string>> = {}) =>
  `${[line, 'Host: localhost', ...Object.entries(headers).map((header) => header.join(': '))].join('\r\n')}\r\n\r\n`

test('a reader that takes nothing for a minute is hung up on, over HTTP/1.1, TLS and HTTP/2', async (t) => {
  const { port, endpoint, flights, later, ended, errors } = await watched(t, async () => ({
    ...{ status: 200, headers: {}, body: large },
  }))
  const plain = connect(port, '127.0.0.1')
  const secure = connectTls({ port, host: '127.0.0.1', ca: certificate.cert })
  const session = connectHttp2(endpoint)
  const stream = session.request({ ':path': '/_standpipe/' })
  const answered = once(stream, 'response')
  for (const socket of [plain, secure]) {
    socket.write(head('GET /_standpipe/ HTTP/1.1'))
    await once(socket, 'readable')
  }
  await answered
  assert.equal(flights.figures().bytes, 3 * large.length)
  const ends = [plain, secure, session, stream].map((end) =>
    once(
      end.on('error', () => undefined),
      'close',
    ),
  )
  later(59_000)
  assert.deepEqual(ended, [])
  later(61_000)
  for (const end of [plain, secure, stream]) end.resume()
  await Promise.all(ends)
  assert.deepEqual(ended, ['stalled', 'stalled', 'stalled'])
  await until(() => flights.figures().requests === 0)
  assert.equal(flights.figures().bytes, 0)
  assert.deepEqual(errors, [])
})

test('who has taken all that there was is left alone, however long nothing comes', async (t) => {
  const more = Promise.withResolvers<void>()
  async function* events() {
    yield Buffer.from('one ')
    await more.promise
    yield Buffer.from('two')
  }
  const { endpoint, later, ended } = await watched(t, async () => ({
    ...{ status: 200, headers: {}, body: events() },
  }))
  const session = connectHttp2(endpoint)
  t.after(() => session.destroy())
  const stream = session.request({ ':path': '/_standpipe/' })
  const [first] = await once(stream, 'data')
  assert.equal(String(first), 'one ')
  later(3_600_000)
  more.resolve()
  assert.equal(await text(stream), 'two')
  assert.deepEqual(ended, [])
})

test('a body that comes too slowly is answered with RequestTimeout, over both versions', async (t) => {
  const { port, endpoint, flights, later, ended } = await watched(t)
  for (const [line, headers] of [
    ['PUT /bucket/key HTTP/1.1', signedFor('s3')],
    [
      'POST / HTTP/1.1',
      {
        ...signedFor('kinesis'),
        ...{ 'X-Amz-Target': 'Kinesis_20131202.ListStreams', 'Content-Type': 'application/x-amz-json-1.1' },
      },
    ],
  ] as const) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${head(line, { ...headers, 'Content-Length': '100000' })}some`)
    await until(() => flights.figures().bytes > 0)
    later(19_000)
    later(2_000)
    const [answer] = await once(socket, 'data')
    assert.match(String(answer), /^HTTP\/1\.1 400 .*RequestTimeout/s)
    socket.destroy()
    await until(() => flights.figures().requests === 0)
  }
  const warned: Error[] = []
  const warning = (one: Error) => warned.push(one)
  process.on('warning', warning)
  t.after(() => process.off('warning', warning))
  const session = connectHttp2(endpoint)
  t.after(() => session.destroy())
  const stream = session.request({ ':method': 'PUT', ':path': '/bucket/key', ...signedFor('s3') })
  stream.write('some')
  await until(() => flights.figures().bytes > 0)
  later(21_000)
  const [answered] = await once(stream, 'response')
  assert.equal(answered[':status'], 400)
  assert.equal(answered.connection, undefined)
  assert.deepEqual(warned, [], 'HTTP/2 has no header of that name')
  assert.deepEqual(ended, ['slow-body', 'slow-body', 'slow-body'])
})

test('where others hold more than there is, requests wait, and are throttled in their service’s way', async (t) => {
  const { endpoint, port, flights, later, refused } = await watched(
    ...([t, async () => ({ status: 200, headers: {}, body: large })] as const),
    16 * MIB,
  )
  const hog = connect(port, '127.0.0.1')
  t.after(() => hog.destroy())
  hog.write(head('GET /_standpipe/ HTTP/1.1'))
  await once(hog, 'readable')
  const put = { method: 'PUT', headers: signedFor('s3'), body: 'x' }
  const waits = [fetch(`${endpoint}/bucket/key`, put), fetch(`${endpoint}/bucket/key`, put)]
  await until(() => flights.figures().waiting === 2)
  later(5_000)
  for (const answer of await Promise.all(waits)) {
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /<Code>Throttling</)
    assert.equal(answer.headers.get('retry-after'), '1')
  }
  assert.equal(refused(), 2)
  assert.equal((await fetch(`${endpoint}/_standpipe/health`, { method: 'HEAD' })).status, 200)
  const waiting = fetch(`${endpoint}/bucket/key`, put)
  await until(() => flights.figures().waiting === 1)
  hog.destroy()
  assert.equal((await waiting).status, 200)
})

test('many large bodies at once are all read, in turn', async (t) => {
  const { endpoint, flights } = await watched(t, undefined, 16 * MIB)
  const body = JSON.stringify({ StreamName: 's', PartitionKey: 'p', Data: 'A'.repeat(4 * MIB) })
  const headers = {
    ...signedFor('kinesis'),
    ...{ 'X-Amz-Target': 'Kinesis_20131202.PutRecord', 'Content-Type': 'application/x-amz-json-1.1' },
  }
  const put = async () => {
    const answer = await fetch(endpoint, { method: 'POST', headers, body })
    await answer.arrayBuffer()
    return answer.status
  }
  assert.deepEqual(await Promise.all(Array.from({ length: 8 }, put)), Array(8).fill(200))
  await until(() => flights.figures().requests === 0)
  assert.equal(flights.figures().bytes, 0)
})
