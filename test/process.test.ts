import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { run, temporaryFolder } from './process.ts'

test('a temporary folder is there for hooks that are registered after it', async (t) => {
  const seen: boolean[] = []
  await t.test('which close what is inside', (inner) => {
    const folder = temporaryFolder(inner)
    inner.after(() => seen.push(existsSync(folder)))
  })
  assert.deepEqual(seen, [true])
})

test('a temporary folder is gone with its process, also when a test has failed', async () => {
  const script = `
    import { writeFileSync } from 'node:fs'
    import { temporaryFolder } from '${new URL('./process.ts', import.meta.url)}'
    const folder = temporaryFolder()
    writeFileSync(folder + '/file', '')
    process.stdout.write(folder)
    throw new Error('failed')`
  const { code, stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
  assert.equal(code, 1)
  assert.match(stdout, /standpipe-test-/)
  assert.equal(existsSync(stdout), false)
})
