import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { openFileKeys } from '../../src/server/access/keys/from-file.ts'
import { runCli, startProcess, temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { until } from '../until.ts'
import { ADMIN, allowing, keyFile, NOBODY, writeKeys } from './closed-server.ts'

test('a key file that others can read, or that is none, is refused in one line', async (t) => {
  const auth = keyFile(t)
  const started = async () => await runCli(['start', '--port', '0', '--ephemeral', '--auth', auth])
  if (process.platform !== 'win32') {
    chmodSync(auth, 0o640)
    const { code, stderr } = await started()
    assert.equal(code, 2)
    assert.match(
      stderr,
      /^standpipe start: --auth \S+ has mode 640, so that others can read its secrets: chmod 600 it.*\n$/,
    )
    chmodSync(auth, 0o600)
  }
  const wrong = {
    ...ADMIN,
    policies: [{ Statement: [{ Effect: 'Allow', Action: 'no-colon', Resource: '*' }] }],
  }
  writeKeys(auth, [wrong])
  const { code, stderr } = await started()
  assert.equal(code, 2)
  assert.match(stderr, /^standpipe start: --auth \S+: keys\[0\]\.policies\[0\].*no-colon.*\n$/)
  assert.doesNotMatch(stderr, /secret of/)
  const missing = await runCli(['start', '--ephemeral', '--port', '0', '--auth', `${auth}.not`])
  assert.equal(missing.code, 2)
})

test('a key file that is a pipe or a folder is refused at once, at the start and whenever it is read again', {
  skip: process.platform === 'win32' && 'Windows has no named pipes in folders',
}, async (t) => {
  const folder = temporaryFolder(t)
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', ['-m', '600', pipe])
  for (const auth of [pipe, folder])
    await assert.rejects(startServer(t, { auth }), {
      name: 'UsageError',
      message: `--auth ${auth} is no regular file`,
    })
  const auth = keyFile(t)
  const standpipe = await startServer(t, { auth })
  rmSync(auth)
  execFileSync('mkfifo', ['-m', '600', auth])
  // More than there are threads that could wait for it.
  await Promise.all(Array.from({ length: 8 }, standpipe.reread))
  await clientOf(t, new Kinesis({ ...standpipe.clientConfig, credentials: { ...ADMIN } })).listStreams({})
})

test('of several readings at once the last one counts', async (t) => {
  const auth = keyFile(t, [NOBODY])
  const keys = await openFileKeys(auth, '000000000000')
  const long = `${JSON.stringify({ keys: [ADMIN] })}${' '.repeat(15_000_000)}`
  for (let round = 0; round < 5; round++) {
    writeFileSync(auth, long, { mode: 0o600 })
    const first = keys.reread()
    await new Promise((resolve) => setImmediate(resolve))
    writeKeys(`${auth}.new`, [NOBODY])
    renameSync(`${auth}.new`, auth)
    await Promise.all([first, keys.reread()])
    assert.equal(keys.credentials.find(ADMIN.accessKeyId), undefined, `round ${round}`)
  }
})

test('SIGHUP takes the keys that the file then has, says what changed, and keeps the old ones where it is wrong', {
  skip: process.platform === 'win32' && 'Windows has no SIGHUP that can be sent',
}, async (t) => {
  const auth = keyFile(t)
  const server = await startProcess(t, ['--port', '0', '--ephemeral', '--auth', auth])
  assert.match(server.output(), new RegExp(`access {4}closed: 3 keys from ${auth}`))
  const said = async (text: RegExp) => {
    while (!text.test(server.output()))
      await new Promise((resolve) => server.child.stderr!.once('data', resolve))
  }
  const list = (credentials: object) =>
    clientOf(
      t,
      new Kinesis({
        endpoint: server.endpoint,
        region: 'us-east-1',
        credentials: { ...credentials } as never,
      }),
    ).listStreams({})
  writeFileSync(auth, '{')
  server.child.kill('SIGHUP')
  await said(/is no JSON; the keys from before go on/)
  await list(ADMIN)
  writeKeys(auth, [{ ...NOBODY, policies: [allowing(['*'])] }])
  server.child.kill('SIGHUP')
  await said(/"added":\[\],"removed":\["AKIDADMIN","AKIDREADER"\],"changed":\["AKIDNOBODY"\]/)
  await list(NOBODY)
  await assert.rejects(list(ADMIN), { name: 'UnrecognizedClientException' })
  assert.doesNotMatch(server.output(), /secret of/)
})

test('SIGHUP ends no server that is not ready yet', {
  skip: process.platform === 'win32' && 'Windows has no SIGHUP that can be sent',
}, async (t) => {
  const accessLog = join(temporaryFolder(t), 'access.log')
  const child = spawn(
    process.execPath,
    ['bin/standpipe.js', 'start', '--ephemeral', '--port', '0', '--access-log', accessLog],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  t.after(() => child.kill('SIGKILL'))
  // It is made before the server listens.
  await until(() => existsSync(accessLog))
  child.kill('SIGHUP')
  const lines = createInterface({ input: child.stdout })
  const printed: string[] = []
  for await (const line of lines) if (printed.push(line) && line === 'Ready.') break
  assert.equal(printed.at(-1), 'Ready.')
})

test('a closed server tells no webhook in a private network, and says so at once', async (t) => {
  const closed = await startServer(t, { auth: keyFile(t) })
  const { serverAt } = await import('../../src/cli/server-address.ts')
  const { ask } = await import('../../src/cli/client.ts')
  const { envOf } = await import('./closed-server.ts')
  const at = { host: '127.0.0.1', port: closed.port, region: 'us-east-1', account: '000000000000' }
  const set = (webhook: string) => ask(serverAt(at, envOf(ADMIN)), 'api/budget', { usd: 5, webhook })
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1'])
    await assert.rejects(set(`http://${host}/hook`), /only with --allow-target/, host)
  await set('https://192.0.2.1/hook')
})
