import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:http2'
import { test } from 'node:test'
import type { ConsolePorts } from '../../src/api/ports.ts'
import { eventRoutes } from '../../src/api/routes/events.ts'
import type { Overview } from '../../src/api/views.ts'
import type { StreamBody } from '../../src/service/shape.ts'
import { callerOf } from '../caller.ts'
import { startServer } from '../server.ts'

test('who has seen the overview hears that it is the same, and what time it is', async (t) => {
  const standpipe = await startServer(t)
  const url = `${standpipe.endpoint}/_standpipe/api/overview`
  const first = await fetch(url)
  const tag = first.headers.get('etag')!
  const seen = await fetch(url, { headers: { 'if-none-match': tag } })
  assert.equal(seen.status, 304)
  assert.equal(await seen.text(), '')
  assert.equal(Number(seen.headers.get('x-standpipe-now')), standpipe.clock.now().getTime())
  await standpipe.reset()
  const anew = await fetch(url)
  assert.equal(((await anew.json()) as Overview).totals.buckets, 0)
  await fetch(`${standpipe.endpoint}/bucket`, { method: 'PUT' })
  const other = await fetch(url)
  assert.notEqual(other.headers.get('etag'), tag)
  assert.equal(((await other.json()) as Overview).buckets.length, 1)
})

/** Ports that count how often they are asked, and an event stream's body for a caller with that signal. */
function countingPorts() {
  let asked = 0
  const closing = new AbortController()
  const ports = {
    closing: closing.signal,
    scope: () => ({ account: '000000000000', region: 'us-east-1' }),
    async overview() {
      asked += 1
      return { tag: '"1"', text: '{}', now: 0, overview: {} }
    },
  } as unknown as ConsolePorts
  const [, , , handler] = eventRoutes(ports, { stillMay: async () => true }).find(([, path]) =>
    path.test('/_standpipe/api/events'),
  )!
  const listen = async (signal: AbortSignal) => {
    const caller = callerOf({ signal: () => signal })
    const request = { method: 'GET', path: '', query: new URLSearchParams(), headers: new Map(), caller }
    const answer = await handler([''] as never, { ...request, body: async () => new Uint8Array() })
    return answer.body as StreamBody
  }
  return { listen, asked: () => asked }
}

test('events end when the page has gone, and nobody is asked any more', async () => {
  const { listen, asked } = countingPorts()
  const gone = new AbortController()
  const body = await listen(gone.signal)
  const pieces: string[] = []
  for await (const piece of body) {
    pieces.push(Buffer.from(piece).toString())
    if (pieces.length === 2) gone.abort()
  }
  assert.match(pieces[1]!, /^event: overview\ndata: \{\}\n\n$/)
  assert.equal(asked(), 1)
})

test('an event stream over HTTP/2 ends with its page, and the connection goes on', async (t) => {
  const standpipe = await startServer(t)
  const session = connect(standpipe.endpoint)
  t.after(() => session.close())
  const path = '/_standpipe/api/events'
  const streams = Array.from({ length: 50 }, () => session.request({ ':path': path }))
  await Promise.all(streams.map((stream) => once(stream, 'data')))
  const closed = streams.map((stream) => once(stream, 'close'))
  for (const stream of streams) stream.close()
  await Promise.all(closed)
  const health = session.request({ ':path': '/_standpipe/health' })
  const [headers] = await once(health, 'response')
  assert.equal(headers[':status'], 200)
  await once(health.resume(), 'close')
  // What has ended does not keep the server from ending.
  await standpipe.close()
})

test('no proxy is to collect events', async (t) => {
  const standpipe = await startServer(t)
  const leaving = new AbortController()
  const answer = await fetch(`${standpipe.endpoint}/_standpipe/api/events`, { signal: leaving.signal })
  assert.equal(answer.headers.get('x-accel-buffering'), 'no')
  leaving.abort()
})
