import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { run, temporaryFolder } from '../process.ts'

const LAUNCHER = new URL('../../bin/standpipe.js', import.meta.url).pathname

/** The launcher in a package of its own, with these files beside it. */
function packageOf(t: TestContext, files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder(t)
  const all = { 'package.json': '{"type":"module"}', ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  cpSync(join(LAUNCHER, '..'), join(folder, 'bin'), { recursive: true })
  return (...args: string[]) => run(process.execPath, [join(folder, 'bin', 'standpipe.js'), ...args])
}

test('an installed package runs what was built, with its arguments and its exit code', async (t) => {
  const launch = packageOf(t, {
    'dist/cli.js': 'console.log(process.argv.slice(2).join()); process.exitCode = 3',
  })
  assert.deepEqual(await launch('tail', 's'), { code: 3, stdout: 'tail,s\n', stderr: '' })
})

test('a checkout runs its sources', async (t) => {
  const launch = packageOf(t, {
    'src/cli.ts': 'const said: string = "source"; console.log(said)',
    'node_modules/.keep': '',
    'dist/cli.js': 'console.log("built")',
  })
  assert.equal((await launch()).stdout, 'source\n')
})

test('what is missing is said in one line', async (t) => {
  const checkout = await packageOf(t, { 'src/cli.ts': '' })()
  assert.deepEqual(checkout, {
    code: 1,
    stdout: '',
    stderr: 'standpipe: its packages are missing: run npm ci first\n',
  })
  const installed = await packageOf(t, {})()
  assert.equal(installed.code, 1)
  assert.equal(installed.stderr, 'standpipe: dist/ is missing from this package: install it again\n')
})

/** The launcher as a Node that is too old sees it. */
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } }); process.execve = undefined",
)}`

/** What a test framework has: a process of its own making, whose pid it knows. */
async function startByOldNode(t: TestContext, flags: readonly string[]) {
  const child = spawn(process.execPath, ['--import', OLD_NODE, LAUNCHER, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('exit', (code, signal) => resolve([code, signal])),
  )
  t.after(() => child.kill('SIGKILL'))
  const ready = Promise.withResolvers<string>()
  void ended.then((how) => ready.reject(new Error(`it ended: ${how}`)))
  let endpoint = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    endpoint ||= /http:\/\/[\w.:]+/.exec(line)?.[0] ?? ''
    if (line === 'Ready.') ready.resolve(endpoint)
  })
  return { child, ended, endpoint: await ready.promise }
}

test('who kills the launcher of an old Node outright can start again at once, on the same port and folder', async (t) => {
  const data = temporaryFolder(t)
  const first = await startByOldNode(t, ['--port', '0', '--data', data])
  first.child.kill('SIGKILL')
  assert.deepEqual(await first.ended, [null, 'SIGKILL'])
  const { port } = new URL(first.endpoint)
  const second = await startByOldNode(t, ['--port', port, '--data', data])
  assert.equal(second.endpoint, first.endpoint)
  second.child.kill('SIGTERM')
  assert.deepEqual(await second.ended, [0, null])
})

test('a signal that comes twice at once, from the terminal and from the launcher, is one', async (t) => {
  const { child, ended } = await startByOldNode(t, ['--port', '0', '--ephemeral'])
  child.kill('SIGINT')
  await once(child.stderr, 'data')
  child.kill('SIGINT')
  assert.deepEqual(await ended, [0, null])
})
