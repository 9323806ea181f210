import assert from 'node:assert/strict'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { systemRandom } from '../../src/clock/random.ts'
import { createDeletions } from '../../src/engine/embedded/files/deletions.ts'
import { openCurrentWal } from '../../src/engine/embedded/log/current-wal.ts'
import type { ManifestChange } from '../../src/engine/embedded/log/log-manifest.ts'
import { makeFolder } from './embedded-subject.ts'

const WAL_BYTES = 4096
const block = { groupId: 1, log: 'a', kind: 'entries', first: 1, entries: [Buffer.from('refused')] } as const

/** A log's file whose syncs fail, and what is said of it to a manifest that is as slow as `change` is. */
async function openBroken(change: (noted: ManifestChange) => Promise<void>) {
  const folder = await makeFolder()
  const deletions = createDeletions((error) => assert.fail(String(error)))
  const current = await openCurrentWal({
    ...{ folder, manifest: { change }, deletions, random: systemRandom, walBytes: WAL_BYTES },
    recovered: { segments: [], unsealed: [], nextNumber: 1, last: 0 },
    lastPosition: () => 0,
  })
  const { path } = current.contents()
  const handle = await open(join(folder, 'some'), 'w')
  const full = Object.assign(new Error('of the test'), { code: 'ENOSPC' })
  mock.method(Object.getPrototypeOf(handle) as FileHandle, 'datasync', () => Promise.reject(full))
  await handle.close()
  return {
    ...{ current, deletions },
    refused: () => assert.rejects(current.write([block]), { code: 'ENOSPC' }),
    sizeBytes: async () => (await stat(path)).size,
    async close() {
      mock.restoreAll()
      await current.close()
      await rm(folder, { recursive: true })
    },
  }
}

test('a file that is cut while somebody copies the folder keeps the size that the copy of its manifest tells', async () => {
  const { current, deletions, refused, sizeBytes, close } = await openBroken(async () => undefined)
  const release = deletions.hold()
  await refused()
  assert.deepEqual([await sizeBytes(), current.sizeBytes() < WAL_BYTES], [WAL_BYTES, true])
  await release()
  assert.equal(await sizeBytes(), current.sizeBytes())
  await close()
})

test('what was noted of a file before it was cut is not said again behind that', async () => {
  const said: ManifestChange[] = []
  /** The first of them takes longer than those that follow it. */
  let slow: Promise<void> | undefined
  const { current, refused, close } = await openBroken(async (noted) => {
    const waiting = slow
    slow = undefined
    await waiting
    said.push(noted)
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  slow = promise
  const noting = current.noteEnd()
  const refusing = refused()
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  resolve()
  await Promise.all([noting, refusing])
  assert.deepEqual(
    said.slice(1).map(({ wals }) => wals?.get(1)?.isCut === true),
    [false, true],
  )
  await close()
})
