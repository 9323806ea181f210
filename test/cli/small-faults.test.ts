import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'
import { callMain } from './call-main.ts'

test('a server whose output nobody reads any more goes on, and says that its access log is lost', async (t) => {
  const data = join(temporaryFolder(t), 'data')
  const args = ['bin/standpipe.js', 'start', '--port', '0', '--data', data, '--access-log', '-', '--json']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => server.kill('SIGKILL'))
  const [banner] = (await once(server.stdout, 'data')) as [Buffer]
  const { endpoint } = JSON.parse(banner.toString().split('\n')[0]!)
  server.stdout.destroy()
  server.stderr.destroy()
  for (let request = 0; request < 3; request++) await (await fetch(`${endpoint}/`)).arrayBuffer()
  const { problems } = (await (await fetch(`${endpoint}/_standpipe/health`)).json()) as {
    problems: { code: string }[]
  }
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['AccessLogBroken'],
  )
  assert.equal(server.exitCode, null)
})

test('a key is not made where its secret would come back over plain http', async () => {
  const { code, err } = await callMain(['keys', 'add', 'ada', '--admin', '--host', '192.0.2.7'])
  assert.equal(code, 1)
  assert.match(err.join('\n'), /from http:\/\/192\.0\.2\.7:4566 unencrypted: .* say --unencrypted/)
})

test("a second key of a name says that its rights are the first one's, too", async (t) => {
  const data = join(temporaryFolder(t), 'data')
  const add = (...more: string[]) => callMain(['keys', 'add', 'ada', '--port', '1', '--data', data, ...more])
  assert.deepEqual(
    (await add()).err.slice(1).map((line) => line.slice(0, 18)),
    ['It may do nothing '],
  )
  assert.match((await add('--admin')).err.join('\n'), /ada had a key already, which may now do the same/)
})

test('a key file without keys closes the server, which says so', async (t) => {
  const auth = join(temporaryFolder(t), 'keys.json')
  writeFileSync(auth, '{"keys": []}', { mode: 0o600 })
  const warned: string[] = []
  const quiet = () => {}
  const log = { error: quiet, info: quiet, debug: quiet, warn: (line: string) => void warned.push(line) }
  await startServer(t, { auth, log })
  assert.match(warned.join('\n'), /keys\.json has no keys: the server is closed/)
})

test('a reset says what stays', async (t) => {
  const { port } = await startServer(t)
  const { out } = await callMain(['reset', '--yes', '--port', String(port)])
  assert.deepEqual(out, ["Everything is forgotten but the keys of 'standpipe keys', which stay."])
})

test("the doctor of a server that does not say where its folder is leaves another one's alone", async (t) => {
  const { port } = await startServer(t)
  const { out } = await callMain(['doctor', '--port', String(port)])
  assert.match(out.join('\n'), /data +the server does not say where its folder is/)
})
