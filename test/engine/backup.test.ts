import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import fs, { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { RootDatabase } from 'lmdb'
import { backUpEngine } from '../../src/engine/embedded/backup/back-up-engine.ts'
import { BackupError, backUpFolder } from '../../src/engine/embedded/backup/write-backup.ts'
import { createDeletions } from '../../src/engine/embedded/files/deletions.ts'
import { transact } from '../../src/engine/embedded/metadata/database.ts'
import type { Engine, FinishedBlob } from '../../src/engine/ports/engine.ts'
import { until } from '../until.ts'
import type { Subject } from './contract/subject.ts'
import { openEmbedded } from './embedded-subject.ts'

/** Folders beside one another, taken away when the test ends. */
async function folders(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'standpipe-backup-'))
  const subjects: Subject[] = []
  t.after(async () => {
    for (const subject of subjects) await subject.close()
    await rm(home, { recursive: true, force: true })
  })
  const openUntilEnd = async (dataDir: string) => {
    const subject = await open(dataDir)
    subjects.push(subject)
    return subject
  }
  return { home, data: join(home, 'data'), to: (name: string) => join(home, name), openUntilEnd }
}
const open = (dataDir: string) => openEmbedded({ dataDir, walBytes: 20_000 })
const ID = { group: 'g', log: 'a' }
const ALL = { entries: 1_000_000, bytes: 2 ** 30 }

async function numbersOf({ logs }: Engine, id = ID): Promise<number[]> {
  const numbers: number[] = []
  for (let from = 0; ; ) {
    const { entries, next, atTip } = await logs.read(id, from, ALL)
    numbers.push(...entries.map(({ data }) => Number(Buffer.from(data).toString().trim())))
    from = next
    if (atTip) return numbers
  }
}

interface Progress {
  readonly number: number
  readonly blob: FinishedBlob
}

/** Appends numbers, after each puts a document that says so, and a blob that it names in place of the one before. */
function work(engine: Engine, lane: number, isOver: () => boolean) {
  const [id, key] = [{ group: 'g', log: `lane-${lane}` }, `progress/${lane}`]
  let done = -1
  const run = async () => {
    for (let number = 0; !isOver(); number++) {
      await engine.logs.append(id, [Buffer.from(String(number).padEnd(100))])
      const writer = await engine.blobs.create()
      await writer.write(randomBytes(1_000))
      const blob = await writer.finish()
      const before = await engine.metadata.get<Progress>(key)
      await engine.metadata.commit([{ put: key, value: { number, blob } satisfies Progress }])
      if (before) await engine.blobs.delete(before.value.blob.id)
      done = number
    }
  }
  return { id, key, done: () => done, ended: run() }
}

test('a backup of a busy engine is the state of one moment: whole, in order, and nothing is named that is not there', async (t) => {
  const { data, to } = await folders(t)
  const subject = await open(data)
  const { engine } = subject
  await engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  let isOver = false
  const lanes = Array.from({ length: 8 }, (_, lane) => work(engine, lane, () => isOver))
  const doneOf = () => lanes.map(({ done }) => done())
  await until(() => Math.min(...doneOf()) >= 30)
  for (let round = 0; round < 3; round++) {
    const before = doneOf()
    const backup = await engine.backUp!(to(`backup-${round}`))
    assert.ok(backup.linkedFiles > 0 && backup.copiedFiles >= 2)
    const after = doneOf()
    const restored = await open(backup.directory)
    for (const [lane, { id, key }] of lanes.entries()) {
      const numbers = await numbersOf(restored.engine, id)
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index),
      )
      const { number, blob } = (await restored.engine.metadata.get<Progress>(key))!.value
      assert.ok(number >= before[lane]! && number <= after[lane]! + 1)
      // As after a kill in that moment: what is acknowledged is there, and at most what was under way besides.
      const last = numbers.length - 1
      assert.ok(last >= number && last <= number + 1, `${number} is said to be done, ${last} is there`)
      await restored.engine.blobs.verify(blob.id, blob)
    }
    await restored.engine.logs.append(ID, [Buffer.from('0')])
    await restored.close()
  }
  isOver = true
  await Promise.all(lanes.map(({ ended }) => ended))
  for (const { id, done } of lanes) assert.equal((await numbersOf(engine, id)).at(-1), done())
  // What was deleted during the backups is gone.
  const blobs = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true })
  assert.equal(blobs.filter(({ name }) => /^[0-9a-f]{32}$/.test(name)).length, lanes.length)
  await subject.close()
})

test('a backup shares no file that changes: each goes on without the other', async (t) => {
  const { data, to } = await folders(t)
  const first = await open(data)
  await first.engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  const append = (engine: Engine, numbers: number[]) =>
    engine.logs.append(
      ID,
      numbers.map((number) => Buffer.from(String(number).padEnd(9_000))),
    )
  for (const number of [0, 1, 2, 3, 4]) await append(first.engine, [number])
  const writer = await first.engine.blobs.create()
  await writer.write(Buffer.from('bytes'))
  const blob = await writer.finish()
  const backup = (await first.engine.backUp!(to('backup'))).directory
  const second = await open(backup)
  await append(second.engine, [50, 51])
  await second.engine.blobs.delete(blob.id)
  await append(first.engine, [5])
  await first.engine.blobs.verify(blob.id, blob)
  await second.close()
  await first.close()
  for (const [folder, expected] of [
    [data, [0, 1, 2, 3, 4, 5]],
    [backup, [0, 1, 2, 3, 4, 50, 51]],
  ] as const) {
    const again = await open(folder)
    assert.deepEqual(await numbersOf(again.engine), expected)
    await again.close()
  }
})

test('a folder that nobody uses is copied as it is, and one that is used or is none is refused by name', async (t) => {
  const { data, to } = await folders(t)
  const subject = await open(data)
  await subject.engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  await subject.engine.logs.append(ID, [Buffer.from('0')])
  await assert.rejects(backUpFolder(data, to('busy')), /in use by another Standpipe/)
  await assert.rejects(backUpFolder(to('nothing'), to('none')), /is no data folder/)
  assert.deepEqual(
    [existsSync(to('busy')), existsSync(to('nothing')), existsSync(to('none'))],
    [false, false, false],
  )
  await subject.close()
  // A version that this program does not know is not its business here.
  const mark = await readFile(join(data, 'standpipe.json'))
  await writeFile(join(data, 'standpipe.json'), '{"dataVersion":99}\n')
  const { directory } = await backUpFolder(data, to('backup'))
  const names = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort()
  assert.deepEqual(
    names(directory),
    names(data).filter((name) => !/standpipe\.(lock|key|reserve)|lock\.mdb|unfinished/.test(name)),
  )
  await writeFile(join(directory, 'standpipe.json'), mark)
  const restored = await open(directory)
  assert.deepEqual(await numbersOf(restored.engine), [0])
  await restored.close()
})

test('a directory that is not empty, lies in the data folder or cannot be written is refused, and stays as it is', async (t) => {
  const { data, to, openUntilEnd } = await folders(t)
  const subject = await openUntilEnd(data)
  await mkdir(to('full'))
  await writeFile(join(to('full'), 'mine'), 'x')
  await writeFile(to('file'), 'x')
  await symlink(data, to('link'))
  const refused = (directory: string, why: RegExp) =>
    assert.rejects(
      subject.engine.backUp!(directory),
      (error: Error) =>
        error instanceof BackupError && why.test(error.message) && !error.message.includes('\n'),
    )
  await refused(to('full'), /full is not empty/)
  await refused(to('file'), /file cannot be used/)
  for (const inside of [data, join(data, 'x'), join(data, 'blobs', '..', 'y')])
    await refused(inside, /lies in the data folder/)
  await refused(join(to('link'), 'backup'), /lies in the data folder/)
  assert.deepEqual(await readdir(to('full')), ['mine'])
  assert.equal(statSync(to('file')).size, 1)
  for (const name of ['x', 'y', 'backup']) assert.ok(!existsSync(join(data, name)))
})

test('a backup for which there is no room, or that fails halfway, leaves nothing that a server takes for a data folder', async (t) => {
  const { data, to, openUntilEnd } = await folders(t)
  const subject = await openUntilEnd(data)
  await subject.engine.metadata.commit([{ put: 'k', value: 1 }])
  const handle = await fs.open(join(data, 'standpipe.json'))
  const files: fs.FileHandle = Object.getPrototypeOf(handle)
  await handle.close()
  await mkdir(to('kept'))
  for (const directory of [to('kept'), to('made')]) {
    const syncing = t.mock.method(files, 'sync', () => Promise.reject(new Error('EIO: of the test')))
    await assert.rejects(subject.engine.backUp!(directory), /backup to .* failed: EIO/)
    syncing.mock.restore()
  }
  assert.deepEqual([await readdir(to('kept')), existsSync(to('made'))], [[], false])
  // The engine goes on, and so does the next backup.
  await subject.engine.metadata.commit([{ put: 'k', value: 2 }])
  await subject.engine.backUp!(to('kept'))
  // As a process that is killed leaves it.
  await cp(to('kept'), join(to('killed'), 'backup.unfinished'), { recursive: true })
  await assert.rejects(open(to('killed')), /holds something else \(backup.unfinished\)/)
})

test('many backups at once are each whole', async (t) => {
  const { data, to, openUntilEnd } = await folders(t)
  const subject = await openUntilEnd(data)
  await subject.engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  await subject.engine.logs.append(ID, [Buffer.from('0')])
  const made = await Promise.all(['a', 'b', 'c'].map((name) => subject.engine.backUp!(to(name))))
  await assert.rejects(subject.engine.backUp!(to('a')), /not empty/)
  for (const { directory } of made) {
    const restored = await open(directory)
    assert.deepEqual(await numbersOf(restored.engine), [0])
    await restored.close()
  }
})

test('of two backups to the same directory one is whole, and the other is refused and takes nothing away', async (t) => {
  const { data, to, openUntilEnd } = await folders(t)
  const subject = await openUntilEnd(data)
  await subject.engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  await subject.engine.logs.append(ID, [Buffer.from('0')])
  for (let round = 0; round < 10; round++) {
    const name = `both-${round}`
    const done = await Promise.allSettled([0, 1].map(() => subject.engine.backUp!(to(name))))
    const refused = done.filter((one) => one.status === 'rejected')
    assert.equal(refused.length, 1)
    assert.match(String(refused[0]!.reason), /^BackupError: .*(is not empty|another backup)/)
    const restored = await open(to(name))
    assert.deepEqual(await numbersOf(restored.engine), [0])
    await restored.close()
  }
})

test("no document is written between the moment that the log's ends are noted and LMDB's copy begins to read", async (t) => {
  const { data, to } = await folders(t)
  await (await open(data)).close()
  const events: string[] = []
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
  }
  const database = {
    async transaction() {
      events.push('a document is begun')
      await turns(20)
      events.push('a document is written')
    },
    async backup(folder: string) {
      void transact(root, () => undefined)
      await turns(20)
      events.push('the copy reads')
      await writeFile(join(folder, 'data.mdb'), 'x')
      await turns(20)
    },
  }
  const root = database as unknown as RootDatabase
  const log = {
    endOf(name: string) {
      if (name.endsWith('.wal')) events.push('the end of the log is noted')
      return undefined
    },
  }
  void transact(root, () => undefined)
  const deletions = createDeletions(assert.ifError)
  await backUpEngine({ folder: data, root, log, deletions }, to('backup'))
  await turns(50)
  assert.deepEqual(events, [
    'a document is begun',
    'a document is written',
    'the end of the log is noted',
    'the copy reads',
    'a document is begun',
    'a document is written',
  ])
})
