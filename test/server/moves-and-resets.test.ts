import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { start } from '../../src/index.ts'

const HOUR_MS = 3_600_000

function folderOf(test: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), 'standpipe-moves-'))
  test.after(() => rmSync(data, { recursive: true, force: true }))
  return data
}

const onDisk = (data: string) => start({ port: 0, data })

test('moves that overlap all outlive a restart', { timeout: 60_000 }, async (context) => {
  const data = folderOf(context)
  const standpipe = await onDisk(data)
  await Promise.all([1, 2, 3].map(() => standpipe.clock.advance(HOUR_MS)))
  const moved = standpipe.clock.now().getTime()
  await standpipe.close()
  await using again = await onDisk(data)
  assert.ok(again.clock.now().getTime() >= moved)
})

test('a clock that was moved before a reset stays moved over a restart', {
  timeout: 60_000,
}, async (context) => {
  const data = folderOf(context)
  const standpipe = await onDisk(data)
  await standpipe.clock.advance(HOUR_MS)
  await standpipe.reset()
  const moved = standpipe.clock.now().getTime()
  await standpipe.close()
  await using again = await onDisk(data)
  assert.ok(again.clock.now().getTime() >= moved)
})

test('resets and moves that overlap are done one after the other', { timeout: 60_000 }, async (context) => {
  await using standpipe = await onDisk(folderOf(context))
  await Promise.all([
    standpipe.reset(),
    standpipe.clock.advance(HOUR_MS),
    standpipe.reset(),
    standpipe.reset(),
  ])
})
