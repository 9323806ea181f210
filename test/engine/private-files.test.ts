import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { WideMode } from '../../src/engine/embedded/files/private-files.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const skip = process.platform === 'win32' && 'Windows has no modes'
const folder = await makeFolder()
after(() => rm(folder, { recursive: true }))

/** What of a folder others than its owner may read or write, by its path within. */
async function openToOthers(path: string): Promise<string[]> {
  const names = ['.', ...(await readdir(path, { recursive: true }))]
  const modes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).mode))
  return names.filter((_, index) => (modes[index]! & 0o077) !== 0)
}

/** An engine that has written a record, a document, a blob and a backup. */
async function used(dataDir: string, wide: WideMode[] = [], backup?: string) {
  const { engine, close } = await openEmbedded({ dataDir, onWideModes: (found) => void wide.push(...found) })
  await engine.logs.ensureGroup('stream', { retentionMs: 86_400_000 })
  await engine.logs.append({ group: 'stream', log: 'shard' }, [Buffer.from('a record')])
  await engine.metadata.commit([{ put: 'key', value: 'a document' }])
  const writer = await engine.blobs.create()
  await writer.write(Buffer.alloc(100_000))
  await writer.finish()
  if (backup !== undefined) await engine.backUp?.(backup)
  await close()
}

test('whatever the process makes, a data folder and its backup are readable by nobody but their owner', {
  skip,
}, async () => {
  const umask = process.umask(0)
  try {
    const [dataDir, backup] = [join(folder, 'new'), join(folder, 'backup')]
    await mkdir(backup)
    const wide: WideMode[] = []
    await used(dataDir, wide, backup)
    assert.deepEqual(await openToOthers(dataDir), [])
    assert.deepEqual(await openToOthers(backup), [])
    assert.deepEqual(wide, [], 'nothing is said of a folder that was just made')
    await used(dataDir, wide)
    assert.deepEqual(wide, [], 'nor of one that was private')
  } finally {
    process.umask(umask)
  }
})

test('a folder that others can read is narrowed, and said', { skip }, async () => {
  const dataDir = join(folder, 'wide')
  await used(dataDir)
  for (const name of ['.', 'standpipe.json', 'metadata/data.mdb', 'log', 'blobs'])
    await chmod(join(dataDir, name), 0o755)
  const wide: WideMode[] = []
  await used(dataDir, wide)
  assert.deepEqual(
    wide.map(({ path, mode, failure }) => [path, mode.toString(8), failure]).toSorted(),
    ['', '/blobs', '/log', '/metadata/data.mdb', '/standpipe.json'].map((path) => [
      dataDir + path,
      '755',
      undefined,
    ]),
  )
  assert.deepEqual(await openToOthers(dataDir), [])
})
