import assert from 'node:assert/strict'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  cpSync(LAUNCHER, join(folder, 'bin', 'standpipe.js'))
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
