import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { growthFactorOf } from '../../src/cli/process-memory.ts'

const pathOf = (path: string) => new URL(path, import.meta.url).pathname
const BOUND_BYTES = 32 * 2 ** 20
const SKIPPED =
  process.platform === 'win32' && 'Windows has no SIGUSR2, which the test says its process to begin by'

test('the young generation doubles until it has 32 MiB', () => {
  assert.equal(growthFactorOf(2 ** 20), 2)
  assert.equal(growthFactorOf(BOUND_BYTES - 1), 2)
  assert.equal(growthFactorOf(BOUND_BYTES), 1)
})

test('a server of which much survives keeps its young generation small', { skip: SKIPPED }, async (t) => {
  const bytes = await youngestBytes(t, [])
  assert.ok(bytes <= BOUND_BYTES, `${bytes} bytes`)
  assert.ok(bytes > BOUND_BYTES / 4, `${bytes} bytes: it was not to stop before`)
})

test('whoever tells Node how large it may be is obeyed', { skip: SKIPPED }, async (t) => {
  const bytes = await youngestBytes(t, ['--min-semi-space-size=32', '--max-semi-space-size=64'])
  assert.ok(bytes > BOUND_BYTES, `${bytes} bytes`)
})

/** Of a server, under what `survivors.ts` does. */
async function youngestBytes(t: TestContext, nodeFlags: readonly string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      ...nodeFlags,
      '--import',
      pathOf('survivors.ts'),
      pathOf('../../src/cli.ts'),
      'start',
      '--port',
      '0',
      '--ephemeral',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.after(() => child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'Ready.') child.kill('SIGUSR2')
    const bytes = /^young generation: (\d+)/.exec(line)?.[1]
    if (bytes !== undefined) return Number(bytes)
  }
  throw new Error('it ended without a word')
}
