import assert from 'node:assert/strict'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { backUpFolder } from '../../src/engine/embedded/backup/write-backup.ts'
import { openEmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { secretBoxOf } from '../../src/engine/shared/sealing.ts'
import { temporaryFolder } from '../process.ts'

const secret = Buffer.from('a secret')
const isKeyFile = (path: string) => existsSync(join(path, 'standpipe.key'))

/** Opens the folder's engine, works with it, and closes it; resolves with what was said to the problems. */
async function inFolder(
  t: TestContext,
  dataDir: string,
  work: (engine: Awaited<ReturnType<typeof openEmbeddedEngine>>) => unknown,
  erase = false,
) {
  const said: string[] = []
  const clock = createClock({ mode: 'manual', onError: (error) => assert.fail(String(error)) })
  t.after(() => clock.close())
  const engine = await openEmbeddedEngine({
    ...{ dataDir, clock, random: systemRandom, erase },
    onError: (error) => assert.fail(String(error)),
    problems: { report: ({ code, where }) => said.push(`${code} ${where}`), solved: () => undefined },
  })
  try {
    await work(engine)
  } finally {
    await engine.close()
  }
  return said
}

test('what is sealed is opened where it lies, and nowhere else, and not when it was changed', () => {
  const box = secretBoxOf(systemRandom.bytes(32).slice(), systemRandom)
  const sealed = box.seal(secret, 'here')
  assert.deepEqual(box.open(sealed, 'here'), secret)
  assert.equal(box.open(sealed, 'there'), undefined)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed)
    changed[at]! ^= 1
    assert.equal(box.open(changed, 'here'), undefined)
    assert.equal(box.open(sealed.subarray(0, at), 'here'), undefined)
  }
  assert.equal(secretBoxOf(systemRandom.bytes(32).slice(), systemRandom).open(sealed, 'here'), undefined)
  assert.notDeepEqual(box.seal(secret, 'here'), sealed)
})

test('a folder has a key file of mode 600, which a start finds again', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  let sealed: Uint8Array = new Uint8Array()
  await inFolder(t, folder, ({ secrets }) => {
    sealed = secrets.seal(secret, 'x')
  })
  const path = join(folder, 'standpipe.key')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  chmodSync(path, 0o644)
  const said = await inFolder(t, folder, ({ secrets }) => assert.deepEqual(secrets.open(sealed, 'x'), secret))
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(said, [])
})

test('a damaged key file is said by name and kept, a lost one is made anew: neither stops a start', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  let sealed: Uint8Array = new Uint8Array()
  await inFolder(t, folder, ({ secrets }) => {
    sealed = secrets.seal(secret, 'x')
  })
  const path = join(folder, 'standpipe.key')
  const text = readFileSync(path, 'utf8')
  for (const damaged of ['', 'null', '{}', text.slice(0, 40), text.replace(/.{4}"}/, 'AAA="}')]) {
    writeFileSync(path, damaged)
    const said = await inFolder(t, folder, ({ secrets }) =>
      assert.equal(secrets.open(sealed, 'x'), undefined),
    )
    assert.deepEqual(said, ['Damaged standpipe.key'])
    assert.equal(readFileSync(`${path}.damaged`, 'utf8'), damaged)
  }
  rmSync(path)
  assert.deepEqual(
    await inFolder(t, folder, ({ secrets }) => assert.equal(secrets.open(sealed, 'x'), undefined)),
    [],
  )
  writeFileSync(path, text)
  await inFolder(t, folder, ({ secrets }) => assert.deepEqual(secrets.open(sealed, 'x'), secret))
})

test('a reset makes another key', async (t) => {
  const folder = join(temporaryFolder(t), 'data')
  await inFolder(t, folder, () => undefined)
  const before = readFileSync(join(folder, 'standpipe.key'), 'utf8')
  await inFolder(t, folder, () => undefined, true)
  assert.notEqual(readFileSync(join(folder, 'standpipe.key'), 'utf8'), before)
})

test('a backup has the key file only with keys, of a running and of a stopped folder', async (t) => {
  const parent = temporaryFolder(t)
  const folder = join(parent, 'data')
  const to = (name: string) => join(parent, name)
  await inFolder(t, folder, async ({ backUp }) => {
    await backUp!(to('running'))
    await backUp!(to('running-keys'), { withKeys: true })
  })
  await backUpFolder(folder, to('stopped'))
  await backUpFolder(folder, to('stopped-keys'), { withKeys: true })
  assert.deepEqual(
    ['running', 'running-keys', 'stopped', 'stopped-keys'].map((name) => isKeyFile(to(name))),
    [false, true, false, true],
  )
  for (const name of ['running-keys', 'stopped-keys'])
    assert.equal(statSync(join(to(name), 'standpipe.key')).mode & 0o777, 0o600)
})

test('in memory secrets are sealed too', () => {
  const { secrets } = createMemoryEngine({ clock: { now: () => 0 } })
  assert.deepEqual(secrets.open(secrets.seal(secret, 'x'), 'x'), secret)
})
