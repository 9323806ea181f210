import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { cp, type FileHandle, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, mock, test } from 'node:test'
import { createOpenFiles } from '../../src/engine/embedded/files/open-files.ts'
import { inspectFolder } from '../../src/engine/embedded/folder/inspect.ts'
import { openCatalog } from '../../src/engine/embedded/log/catalog.ts'
import { openLogManifest } from '../../src/engine/embedded/log/log-manifest.ts'
import { inspectLog } from '../../src/engine/embedded/log/recovery/inspect-log.ts'
import { openDatabaseToRead } from '../../src/engine/embedded/metadata/database.ts'
import { openRows } from '../../src/engine/embedded/metadata/rows.ts'
import { type Engine, isEngineError } from '../../src/engine/ports/engine.ts'
import { entryOf } from './child.ts'
import { openEmbedded } from './embedded-subject.ts'

const folders: string[] = []
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'standpipe-engine-'))
  folders.push(folder)
  return folder
}
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})
const someHandle = await open(import.meta.filename)
const files: FileHandle = Object.getPrototypeOf(someHandle)
await someHandle.close()

const MOST_STATES = 14

/**
 * The folder as a SIGKILL would leave it before a sync of a file or a folder, one copy each; some of them, evenly, the
 * first and the last among them.
 */
async function statesWhile<T>(dataDir: string, note: () => T, during: () => Promise<unknown>) {
  const states: { folder: string; noted: T }[] = []
  for (const step of ['sync', 'datasync'] as const) {
    const original = files[step]
    mock.method(files, step, async function (this: FileHandle) {
      const folder = newFolder()
      // In one turn, so that nothing goes on meanwhile.
      copyNow(dataDir, folder)
      states.push({ folder, noted: structuredClone(note()) })
      return await original.call(this)
    })
  }
  await during().finally(() => mock.restoreAll())
  const every = (states.length - 1) / (MOST_STATES - 1)
  return states.length <= MOST_STATES
    ? states
    : Array.from({ length: MOST_STATES }, (_, index) => states[Math.round(index * every)]!)
}

/** A file that is being taken away in another thread may be gone, or not. */
function copyNow(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(target)
      copyNow(source, target)
    } else if (existsSync(source)) copyFileSync(source, target)
  }
}

type Ids = readonly { readonly group: string; readonly log: string }[]
const OURS: Ids = [
  { group: 'g', log: 'log-0' },
  { group: 'g', log: 'log-1' },
]

/** What is in these logs. */
async function textsIn(
  dataDir: string,
  startAt: number,
  ids = OURS,
  acceptDataLoss = false,
): Promise<string[]> {
  const { engine, close } = await openEmbedded({ dataDir, startAt, acceptDataLoss })
  const texts: string[] = []
  for (const id of ids) {
    const read = engine.logs.read(id, 0, { entries: 1e6, bytes: 1e9 })
    const { entries } = await read.catch((error) => {
      // It was not made yet.
      if (isEngineError(error, 'NoSuchGroup')) return { entries: [] }
      throw error
    })
    texts.push(...entries.map(({ data }) => `${id.group}/${id.log}: ${Buffer.from(data).toString('latin1')}`))
  }
  await close()
  const leftovers = readdirSync(join(dataDir, 'log')).filter((name) => /\.(seg|wal)\.tmp$/.test(name))
  assert.deepEqual(leftovers, [])
  return texts.sort()
}

/** Every log that a stopped folder has entries of. */
async function idsIn(dataDir: string): Promise<Ids> {
  const root = openDatabaseToRead(join(dataDir, 'metadata'))
  const openFiles = createOpenFiles()
  const rows = openRows(root)
  const { found } = openCatalog(root, rows)
  const manifest = openLogManifest(root, rows)
  const log = await inspectLog({ folder: join(dataDir, 'log'), manifest, files: openFiles, found })
  const parts = [
    ...log.segments.flatMap(({ index }) => index?.runs ?? []),
    ...log.wals.flatMap(({ scanned }) => scanned?.blocks ?? []),
  ]
  await openFiles.close()
  await root.close()
  const ids = parts.map(({ groupId, log: name }) => ({ group: found(groupId, name).group.name, log: name }))
  return [...new Map(ids.map((id) => [`${id.group}/${id.log}`, id])).values()].filter(({ group }) => group)
}

const RETENTION = { retentionMs: 3_600_000 }
async function append({ logs }: Engine, from: number, to: number, appended: (text: string) => void) {
  await logs.ensureGroup('g', RETENTION)
  for (let number = from; number < to; number++) {
    const log = `log-${number % 2}`
    await logs.append({ group: 'g', log }, [entryOf(0, number)])
    appended(`g/${log}: ${entryOf(0, number)}`)
  }
}

test('whenever a first start is killed, the next one makes the folder', async () => {
  const dataDir = newFolder()
  const states = await statesWhile(
    dataDir,
    () => 0,
    async () => (await openEmbedded({ dataDir })).close(),
  )
  assert.ok(states.length > 8)
  for (const { folder } of states) assert.deepEqual(await textsIn(folder, Date.now()), [])
})

test('whenever a roll or the making of a segment is killed, everything acknowledged is there, once', async () => {
  const dataDir = newFolder()
  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 600 })
  const acknowledged: string[] = []
  const states = await statesWhile(
    dataDir,
    () => acknowledged,
    async () => {
      await append(engine, 0, 10, (text) => acknowledged.push(text))
      await close()
    },
  )
  assert.equal(states.length, MOST_STATES)
  for (const { folder, noted } of states) {
    const texts = await textsIn(folder, clock.now())
    assert.equal(new Set(texts).size, texts.length)
    assert.deepEqual(
      noted.filter((text) => !texts.includes(text)),
      [],
    )
    assert.ok(texts.length <= noted.length + 1)
  }
})

test('whenever a start that accepts a loss is killed, the next one that accepts it serves the same', async () => {
  const dataDir = newFolder()
  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 1500 })
  await append(engine, 0, 30, () => undefined)
  await close()
  const names = (await readdir(join(dataDir, 'log'))).sort()
  const [wal, first, second] = [
    names.find((name) => name.endsWith('.wal'))!,
    ...names.filter((name) => name.endsWith('.seg')),
  ]
  await rm(join(dataDir, 'log', first!))
  for (const name of [wal, second!]) {
    const path = join(dataDir, 'log', name)
    const bytes = await readFile(path)
    bytes[name === wal ? 60 : bytes.length - 1]! ^= 1
    await writeFile(path, bytes)
  }
  const untouched = newFolder()
  await cp(dataDir, untouched, { recursive: true })
  const expected = await textsIn(untouched, clock.now(), OURS, true)
  assert.ok(expected.length > 0 && expected.length < 30)
  const states = await statesWhile(
    dataDir,
    () => 0,
    async () => (await openEmbedded({ dataDir, startAt: clock.now(), acceptDataLoss: true })).close(),
  )
  assert.ok(states.length > 5)
  for (const { folder } of states) assert.deepEqual(await textsIn(folder, clock.now(), OURS, true), expected)
})

for (const [what, damage] of [
  ['are missing', (dataDir: string) => rm(join(dataDir, 'metadata/data.mdb'))],
  ['cannot be read', (dataDir: string) => truncate(join(dataDir, 'metadata/data.mdb'), 0)],
  [
    'cannot be read, nor the mark',
    async (dataDir: string) => {
      await truncate(join(dataDir, 'metadata/data.mdb'), 0)
      await rm(join(dataDir, 'standpipe.json'))
    },
  ],
] as const)
  test(`whenever a start is killed that accepts that the metadata ${what}, the next one begins anew, and the log is kept`, async () => {
    const dataDir = newFolder()
    const { engine, close } = await openEmbedded({ dataDir, walBytes: 1000 })
    await append(engine, 0, 8, () => undefined)
    await close()
    await damage(dataDir)
    const names = await readdir(join(dataDir, 'log'))
    const states = await statesWhile(
      dataDir,
      () => 0,
      async () => (await openEmbedded({ dataDir, acceptDataLoss: true })).close(),
    )
    assert.ok(states.length > 8)
    for (const { folder } of states) {
      assert.deepEqual(await textsIn(folder, Date.now(), OURS, true), [])
      assert.deepEqual(await readdir(join(folder, 'log.damaged')), names)
    }
  })

test('whenever a reset is killed, the next start finds all or nothing', async () => {
  const dataDir = newFolder()
  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 1000 })
  await append(engine, 0, 8, () => undefined)
  await close()
  const states = await statesWhile(
    dataDir,
    () => 0,
    async () => (await openEmbedded({ dataDir, erase: true })).close(),
  )
  const counts = []
  for (const { folder } of states) counts.push((await textsIn(folder, clock.now())).length)
  assert.deepEqual([...new Set(counts)], [8, 0])
})

/** A folder of version 1, with everything in it. */
function unpacked(): string {
  const folder = newFolder()
  const archive = join(import.meta.dirname, '../folders/version-1.tar.gz')
  execFileSync('tar', ['-xzf', archive, '-C', folder])
  return folder
}

test('a folder of version 1 whose metadata cannot be read is refused by name; accepted, all is kept aside', async () => {
  const dataDir = unpacked()
  await truncate(join(dataDir, 'metadata/data.mdb'), 0)
  await assert.rejects(openEmbedded({ dataDir }), /metadata\/data\.mdb is damaged and cannot be read: every/)
  await (await openEmbedded({ dataDir, acceptDataLoss: true })).close()
  const kept = (await readdir(dataDir)).filter((name) => name.endsWith('.damaged'))
  assert.deepEqual(kept.sort(), ['blobs.damaged', 'log.damaged', 'metadata.damaged'])
  assert.deepEqual(await textsIn(dataDir, Date.now()), [])
})

test('whenever the upgrade of a folder of version 1 is killed, the next start ends it, and nothing is missing', async () => {
  const { time } = JSON.parse(
    await readFile(join(import.meta.dirname, '../folders/version-1.json'), 'utf8'),
  ) as { time: number }
  const whole = unpacked()
  await (await openEmbedded({ dataDir: whole, startAt: time })).close()
  await inspectFolder(whole, { blobsPrefix: 's3/x/' })
  const ids = await idsIn(whole)
  const expected = await textsIn(whole, time, ids)
  assert.ok(expected.length > 700)
  const dataDir = unpacked()
  const states = await statesWhile(
    dataDir,
    () => 0,
    async () => (await openEmbedded({ dataDir, startAt: time })).close(),
  )
  assert.ok(states.length > 8)
  for (const { folder } of states) assert.deepEqual(await textsIn(folder, time, ids), expected)
})
