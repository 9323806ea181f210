import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetView } from '../../src/api/views.ts'
import { silentLog } from '../../src/server/log.ts'
import { startReceiver } from '../remote/webhook-receiver.ts'
import { startServer } from '../server.ts'

test('a budget is kept by the server and alerts once at 80 % spent and once at a month over it', async (t) => {
  const lines: string[] = []
  const log = { ...silentLog, warn: (line: string) => void lines.push(line) }
  const standpipe = await startServer(t, { log })
  const root = `${standpipe.endpoint}/_standpipe/api`
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    return (await fetch(`${root}/${path}`, init)).json()
  }
  const budget = (body?: object) => call('budget', body) as Promise<BudgetView>

  const none = { usd: null, webhook: null, alerts: [] }
  assert.deepEqual(await budget(), { ...none, total: 0, ifLeftRunningForAMonth: 0 })
  assert.deepEqual((await budget({ usd: 0.05 })).alerts, [])

  // One shard is $0.015 an hour: a month of it is over the budget, its third hour over 80 % of it.
  await call('aws/kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  assert.deepEqual((await budget()).alerts, ['forecast'])
  await standpipe.clock.advance('1m')
  assert.equal(lines.length, 1)
  assert.match(lines[0]!, /^budget: left running for a month it would be \$1\d\.\d\d, over \$0\.05$/)

  await standpipe.clock.advance('3h')
  assert.deepEqual((await budget()).alerts, ['actual', 'forecast'])
  assert.equal(lines.length, 2)
  assert.match(lines[1]!, /^budget: \$0\.0\d+ would have been spent, \d+ % of \$0\.05$/)

  assert.deepEqual((await budget({ usd: null })).alerts, [])
  await standpipe.clock.advance('2h')
  assert.equal(lines.length, 2)
  assert.equal(((await call('budget', { usd: -1 })) as unknown as { code: string }).code, 'BadRequest')
})

test("a budget's webhook is told each alert once, and a failure of its own is in the log", async (t) => {
  const receiver = await startReceiver(t, [200, 410])
  const lines: string[] = []
  const log = { ...silentLog, warn: (line: string) => void lines.push(line) }
  const standpipe = await startServer(t, { log })
  const call = async (path: string, body: object) => {
    const url = `${standpipe.endpoint}/_standpipe/api/${path}`
    return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
  }
  const webhook = `${receiver.origin}/hook`
  assert.equal(((await call('budget', { usd: 0.05, webhook })) as BudgetView).webhook, webhook)

  await call('aws/kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  await standpipe.clock.advance('1m')
  const { text, at, ...forecast } = JSON.parse((await receiver.request(0)).body)
  assert.equal(text, `Standpipe ${lines[0]}`)
  assert.match(at, /^\d{4}-.*Z$/)
  assert.deepEqual([forecast.alert, forecast.usd], ['forecast', 0.05])
  assert.ok(forecast.ifLeftRunningForAMonth > 10 && forecast.total < 0.05)

  await standpipe.clock.advance('4h')
  assert.equal(JSON.parse((await receiver.request(1)).body).alert, 'actual')
  await standpipe.clock.advance('2h')

  // Another budget keeps the webhook, and what is over it is said at once; after null it is silent.
  await call('budget', { usd: 0.01 })
  await receiver.request(3)
  await call('budget', { usd: 0.01, webhook: null })
  await standpipe.close()
  assert.equal(receiver.requests.length, 4)
  assert.deepEqual(
    lines.filter((line) => line.includes('webhook')),
    [`budget: the webhook was not told: ${receiver.origin} answered 410 (attempt 1)`],
  )
})

test('a webhook of another protocol is refused by name', async (t) => {
  const { endpoint } = await startServer(t)
  for (const webhook of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'nowhere', 5]) {
    const init = { method: 'POST', body: JSON.stringify({ usd: 1, webhook }) }
    const answer = await fetch(`${endpoint}/_standpipe/api/budget`, init)
    assert.equal(answer.status, 400)
    assert.match(((await answer.json()) as { message: string }).message, /^webhook is a URL/)
  }
})
