import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createWebhook, webhookRefusal } from '../../src/remote/webhook.ts'
import { outbound } from './remote-lab.ts'
import { startReceiver } from './webhook-receiver.ts'

const never = new AbortController().signal
const tell = (waitsMs: readonly number[], timeoutMs = 5_000) =>
  createWebhook({ outbound, waitsMs, timeoutMs })
const received = async (t: TestContext, answers: readonly (number | 'nothing')[]) => {
  const receiver = await startReceiver(t, answers)
  return { ...receiver, url: `${receiver.origin}/hooks/secret?token=1` }
}

test('a webhook gets its JSON by one POST', async (t) => {
  const { url, requests } = await received(t, [204])
  await tell([])(url, { alert: 'actual' }, never)
  const [request, ...more] = requests
  assert.deepEqual(more, [])
  assert.equal(request?.line, 'POST /hooks/secret?token=1')
  assert.equal(request?.headers['content-type'], 'application/json')
  assert.deepEqual(JSON.parse(request?.body ?? ''), { alert: 'actual' })
})

test('what a webhook may take later is sent again, a bounded number of times', async (t) => {
  const later = await received(t, [503, 429, 200])
  await tell([1, 1])(later.url, {}, never)
  assert.equal(later.requests.length, 3)

  const broken = await received(t, [500, 500, 500])
  await assert.rejects(tell([1])(broken.url, {}, never), {
    message: `${broken.origin} answered 500 (attempt 2)`,
  })
  assert.equal(broken.requests.length, 2)
})

test('what a webhook refuses is not sent again, and a redirect is not followed', async (t) => {
  const refusing = await received(t, [404])
  await assert.rejects(tell([1])(refusing.url, {}, never), {
    message: `${refusing.origin} answered 404 (attempt 1)`,
  })
  const elsewhere = await received(t, [307, 200])
  await assert.rejects(tell([1])(elsewhere.url, {}, never), /answered 307/)
  assert.equal(elsewhere.requests.length, 1)
})

test('a webhook that does not answer is given up, and so is one when the server stops', async (t) => {
  const silent = await received(t, ['nothing', 'nothing'])
  await assert.rejects(
    tell([1], 30)(silent.url, {}, never),
    /did not answer: nothing happened for 30 ms \(attempt 2\)/,
  )

  const stopping = new AbortController()
  const waiting = await received(t, ['nothing'])
  const told = tell([60_000])(waiting.url, {}, stopping.signal)
  await waiting.request(0)
  stopping.abort(new Error('the server is stopping'))
  await assert.rejects(told, /did not answer: the server is stopping \(attempt 1\)/)
})

test('nobody listening is said by name', async () => {
  await assert.rejects(
    tell([])('http://127.0.0.1:1/', {}, never),
    /^Error: http:\/\/127\.0\.0\.1:1 did not answer: /,
  )
})

test('only a URL of http or https can be a webhook', () => {
  assert.equal(webhookRefusal('https://hooks.example.com/a?b=c'), undefined)
  assert.equal(webhookRefusal('http://localhost:8080'), undefined)
  for (const url of [
    '',
    'hooks.example.com',
    'file:///etc/passwd',
    'ftp://a/',
    'javascript:1',
    'http://a:b@c/',
  ])
    assert.match(webhookRefusal(url) ?? '', /^webhook /, url)
})
