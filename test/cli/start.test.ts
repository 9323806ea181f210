import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { bannerLines } from '../../src/cli/commands/start.ts'
import { defaultSettings } from '../../src/server/config.ts'
import { runCli, startProcess, temporaryFolder } from '../process.ts'

const CLI = new URL('../../bin/standpipe.js', import.meta.url).pathname

test('the banner says where everything is, and SIGTERM ends the server with 0', async (t) => {
  const data = join(temporaryFolder(t), 'data')
  const server = await startProcess(t, ['--port', '0', '--data', data])
  const banner = server.output()
  assert.ok(banner.includes(`${data}, durable`))
  assert.match(banner, /restored +nothing/)
  const port = new URL(server.endpoint).port
  assert.ok(banner.includes(`eval "$(npx standpipe env --port ${port})"`))
  assert.match(banner, /\nReady\.\n$/)
  const exited = new Promise((resolve) =>
    server.child.once('exit', (code, signal) => resolve([code, signal])),
  )
  server.child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
})

test('a busy port, a data folder in use and one of an unknown version are one line and their exit code', async (t) => {
  const folder = temporaryFolder(t)
  const data = join(folder, 'data')
  const server = await startProcess(t, ['--port', '0', '--data', data])
  const { port } = new URL(server.endpoint)
  const unknown = join(folder, 'unknown')
  mkdirSync(unknown)
  writeFileSync(join(unknown, 'standpipe.json'), '{"dataVersion":99}')
  const failures: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--port', port, '--ephemeral'], 3, /^standpipe start: port \d+ on 127\.0\.0\.1 is taken.*\n$/],
    [['--port', '0', '--data', data], 3, /^standpipe start: .*in use by another Standpipe.*\n$/],
    [['--port', '0', '--data', unknown], 4, /^standpipe start: .*version 99.*\n$/],
  ]
  for (const [flags, code, message] of failures) {
    const ended = await runCli(['start', ...flags])
    assert.equal(ended.code, code, ended.stderr)
    assert.match(ended.stderr, message)
    assert.equal(ended.stdout, '')
  }
})

test('a certificate that is not there is said by its flag', async (t) => {
  const missing = join(temporaryFolder(t), 'cert.pem')
  const flags = ['--port', '0', '--ephemeral', '--tls-cert', missing, '--tls-key', missing]
  const { code, stderr } = await runCli(['start', ...flags])
  assert.equal(code, 1)
  assert.match(stderr, /^standpipe start: --tls-cert and --tls-key cannot be used: ENOENT.*cert\.pem'\n$/)
})

test('--json prints one object instead of the banner', async (t) => {
  const child = spawn(process.execPath, [CLI, 'start', '--port', '0', '--ephemeral', '--json'])
  t.after(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value } = await lines.next()
  const { message, endpoint, ephemeral, port } = JSON.parse(value ?? '')
  assert.deepEqual([message, ephemeral, endpoint], ['Ready.', true, `http://127.0.0.1:${port}`])
})

test('where objects go is in the banner, the keys for it nowhere', async (t) => {
  const endpoint = 'http://127.0.0.1:9'
  const keys = { s3AccessKeyId: 'the-key', s3SecretAccessKey: 'the-secret' }
  const settings = { ...defaultSettings, ...keys, s3Endpoint: endpoint }
  const counts = { streams: 0, deliveryStreams: 0, channels: 0, buckets: 0 }
  const restored = { ...counts, policies: 0, arePoliciesEnforced: false }
  const access = { mode: 'open', fileKeys: 0, madeKeys: 0, otherKeys: 0 } as const
  const started = { settings, endpoint: 'http://127.0.0.1:4566', port: 4566, restored, access }
  const banner = bannerLines(started)
  assert.ok(banner.includes(`  delivery  to ${endpoint}, instead of the S3 in here`))
  const child = spawn(process.execPath, [CLI, 'start', '--port', '0', '--ephemeral', '--json'], {
    env: {
      ...process.env,
      STANDPIPE_S3_ENDPOINT: endpoint,
      STANDPIPE_S3_ACCESS_KEY_ID: 'the-key',
      STANDPIPE_S3_SECRET_ACCESS_KEY: 'the-secret',
    },
  })
  t.after(() => child.kill('SIGKILL'))
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  assert.equal(JSON.parse(value ?? '').s3Endpoint, endpoint)
  assert.doesNotMatch(`${banner.join()}${value}`, /the-(key|secret)/)
})

test('that policies hold nobody in open mode is in the banner', () => {
  const counts = { streams: 0, deliveryStreams: 0, channels: 0, buckets: 2 }
  const bannerOf = (policies: number, arePoliciesEnforced: boolean) =>
    bannerLines({
      ...{ settings: defaultSettings, endpoint: 'http://127.0.0.1:4566', port: 4566 },
      restored: { ...counts, policies, arePoliciesEnforced },
      access: { mode: 'open', fileKeys: 0, madeKeys: 0, otherKeys: 0 },
    })
  assert.ok(bannerOf(2, false).includes('  policies  2 policies, not enforced: open'))
  assert.ok(bannerOf(1, true).includes('  policies  1 policy, enforced'))
  assert.ok(!bannerOf(0, false).some((line) => line.includes('enforced')))
})

test('whose keys a closed server takes is in its banner', () => {
  const counts = { streams: 0, deliveryStreams: 0, channels: 0, buckets: 0 }
  const lineOf = (madeKeys: number, otherKeys: number) =>
    bannerLines({
      ...{
        settings: { ...defaultSettings, auth: 'keys.json' },
        endpoint: 'http://127.0.0.1:4566',
        port: 4566,
      },
      restored: { ...counts, policies: 0, arePoliciesEnforced: true },
      access: { mode: 'closed', fileKeys: 1, madeKeys, otherKeys },
    }).find((line) => line.startsWith('  access'))
  assert.equal(lineOf(0, 0), '  access    closed: 1 key from keys.json')
  assert.equal(
    lineOf(1, 2),
    '  access    closed: 1 key from keys.json, 1 key in the folder, 2 keys that IAM made',
  )
})

test('another S3 without its keys is wrong usage', async () => {
  const { code, stderr } = await runCli(
    ['start', '--port', '0', '--ephemeral', '--s3-endpoint', 'http://a'],
    {
      env: { PATH: process.env.PATH },
    },
  )
  assert.equal(code, 2)
  assert.match(stderr, /^standpipe start: --s3-endpoint needs STANDPIPE_S3_ACCESS_KEY_ID and .*\n$/)
})
