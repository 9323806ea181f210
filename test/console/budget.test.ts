import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetView } from '../../src/api/views.ts'
import { silentLog } from '../../src/log.ts'
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

  assert.deepEqual(await budget(), { usd: null, total: 0, ifLeftRunningForAMonth: 0, alerts: [] })
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
