import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { runCli, startProcess, temporaryFolder } from '../process.ts'

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

test('--json prints one object instead of the banner', async (t) => {
  const cli = new URL('../../src/cli.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [cli, 'start', '--port', '0', '--ephemeral', '--json'])
  t.after(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value } = await lines.next()
  const { message, endpoint, ephemeral, port } = JSON.parse(value ?? '')
  assert.deepEqual([message, ephemeral, endpoint], ['Ready.', true, `http://127.0.0.1:${port}`])
})
