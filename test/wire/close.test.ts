import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

test('a server is closed to its end though a connection is left that keeps no process alive', () => {
  const program = join(import.meta.dirname, 'stuck-connection.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
  assert.deepEqual([status, stdout], [0, 'closed\n'], stderr)
})
