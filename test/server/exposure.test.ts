import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkExposure, isLoopback } from '../../src/server/access/exposure.ts'
import { UsageError } from '../../src/server/config.ts'
import { start } from '../../src/start.ts'
import { startServer } from '../server.ts'

const LOOPBACK = ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST']
const WIDE = [
  '0.0.0.0',
  '::',
  '10.0.0.1',
  '2001:db8::1',
  'standpipe',
  '127.evil.example',
  'localhost.evil',
  '127.1',
]

test('an address that others reach is refused by name where signatures are not verified', () => {
  for (const host of LOOPBACK) assert.ok(isLoopback(host), host)
  for (const host of [...LOOPBACK, ...WIDE]) {
    const warned: string[] = []
    const check = (mode: 'open' | 'closed', insecure: boolean) =>
      checkExposure({ host, insecure }, mode, { warn: (message) => warned.push(message) })
    check('closed', false)
    if (LOOPBACK.includes(host)) check('open', false)
    else
      assert.throws(
        () => check('open', false),
        (failure) => failure instanceof UsageError && failure.message.startsWith(`--host ${host} `),
      )
    assert.deepEqual(warned, [])
    check('open', true)
    assert.equal(warned.length, LOOPBACK.includes(host) ? 0 : 1, host)
  }
})

test('so it is with a server in this process, and --insecure says so at each start', async () => {
  const options = { host: '0.0.0.0', port: 0, ephemeral: true } as const
  await assert.rejects(start(options), { name: 'UsageError', message: /--insecure/ })
  const warned: string[] = []
  const quiet = () => undefined
  const log = { error: quiet, warn: (line: string) => void warned.push(line), info: quiet, debug: quiet }
  for (const times of [1, 2]) {
    await using standpipe = await start({ ...options, insecure: true, log })
    assert.equal(warned.filter((line) => line.startsWith('--insecure: whoever reaches')).length, times)
    const health = await fetch(`http://127.0.0.1:${standpipe.port}/_standpipe/health`)
    assert.equal(health.status, 200)
  }
})

test('why a page was refused is said once in the log, and a hundred strangers do not fill it', async (t) => {
  const warned: string[] = []
  const quiet = () => undefined
  const log = { error: quiet, warn: (line: string) => void warned.push(line), info: quiet, debug: quiet }
  const { endpoint } = await startServer(t, { log })
  const from = (origin: string, path = '/', method = 'OPTIONS') =>
    fetch(endpoint + path, { method, headers: { origin, 'access-control-request-method': 'PUT' } })
  for (const _ of [1, 2]) assert.equal((await from('http://localhost:3000')).status, 403)
  assert.equal((await from('http://localhost:3000', '/lake/k')).status, 403)
  assert.deepEqual(
    warned.map((line) => line.replace(/^.*: /, '')),
    [
      'it is let in by --allow-origin http://localhost:3000.',
      'it is let in by --allow-origin http://localhost:3000, or by the CORS rules of what it asks for.',
    ],
  )
  await from(`http://${'x'.repeat(500)}.example`)
  await from('http://<script>')
  assert.match(
    warned.at(-1) ?? '',
    /a page of another origin may not call Standpipe: .* --allow-origin ORIGIN\.$/,
  )
  for (let stranger = 0; stranger < 120; stranger++) await from(`http://stranger${stranger}.example`)
  assert.equal(warned.length, 100)
})
