import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { Handler } from '../../../src/wire/exchange.ts'
import { listen } from '../../../src/wire/listener.ts'

async function listening(t: { after(end: () => Promise<void>): void }, handle: Handler) {
  const onError = (error: unknown) => assert.fail(String(error))
  const listener = await listen({ host: '127.0.0.1', port: 0, handle, onError })
  t.after(() => listener.close(0))
  return connect(listener.port, '127.0.0.1')
}

test('a GET that is sent behind a PUT, before that is answered, sees what it put', async (t) => {
  let stored = 'nothing'
  const socket = await listening(t, async (request, response) => {
    if (request.method === 'PUT') {
      let body = ''
      for await (const piece of request) body += String(piece)
      // As a disk takes its time.
      for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve))
      stored = body
    }
    response.writeHead(200, {})
    response.end(`${request.method}: ${stored};`)
  })
  socket.write(
    'PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nnewGET /k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  let answers = ''
  for await (const piece of socket) answers += String(piece)
  assert.match(answers, /PUT: new;.*GET: new;/s)
})

test('thousands of requests at once are answered in their order, few of them held at a time', async (t) => {
  const COUNT = 3_000
  let open = 0
  const socket = await listening(t, (request, response) => {
    open++
    assert.equal(open, 1)
    response.once('close', () => open--)
    request.resume()
    response.writeHead(200, {})
    response.end(`<${request.url}>`)
  })
  const asked = Array.from({ length: COUNT }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: x\r\n`)
  socket.write(`${asked.join('\r\n')}Connection: close\r\n\r\n`)
  let answers = ''
  for await (const piece of socket) answers += String(piece)
  assert.deepEqual(
    [...answers.matchAll(/<\/(\d+)>/g)].map(([, index]) => Number(index)),
    Array.from({ length: COUNT }, (_, index) => index),
  )
})

test('what waits for its turn goes with its connection', async (t) => {
  let seen = 0
  const first = Promise.withResolvers<void>()
  const socket = await listening(t, (request, response) => {
    seen++
    request.resume()
    response.once('close', () => first.resolve())
  })
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'ready')
  while (seen === 0) await new Promise((resolve) => setImmediate(resolve))
  socket.destroy()
  await first.promise
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(seen, 1)
})
