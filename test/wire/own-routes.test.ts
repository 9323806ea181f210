import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serve } from './serve.ts'

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
