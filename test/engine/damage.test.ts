import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { DataFolderError } from '../../src/engine/embedded/data-folder-error.ts'
import { inspectFolder } from '../../src/engine/embedded/folder/inspect.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { until } from '../until.ts'
import { entryOf } from './child.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const LOGS = ['log-0', 'log-1', 'log-2', 'log-3']
const folders: string[] = []
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** A stopped engine's folder with segments, a write-ahead log, a document and a blob; a copy of it for each test. */
const stopped = await (async () => {
  const dataDir = await makeFolder()
  folders.push(dataDir)
  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 3000 })
  await engine.logs.ensureGroup('clicks', { retentionMs: 3_600_000 })
  for (let number = 0; number < 60; number++)
    await engine.logs.append({ group: 'clicks', log: LOGS[number % 4]! }, [entryOf(0, number)])
  await engine.metadata.commit([{ put: 'document', value: { of: 'mine' } }])
  const writer = await engine.blobs.create()
  await writer.write(Buffer.from('blob'))
  const blob = await writer.finish()
  await until(async () => (await readdir(join(dataDir, 'log'))).some((name) => name.endsWith('.seg')))
  await close()
  return { dataDir, time: clock.now(), blob }
})()
async function copyOfFolder() {
  const dataDir = await makeFolder()
  folders.push(dataDir)
  await cp(stopped.dataDir, dataDir, { recursive: true })
  return dataDir
}
const fileOf = async (dataDir: string, suffix: string) =>
  join(dataDir, 'log', (await readdir(join(dataDir, 'log'))).sort().find((name) => name.endsWith(suffix))!)

/** Everything in the folder but for locks, by name. */
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !/lock/.test(entry.name)) {
      const path = join(entry.parentPath, entry.name)
      contents.set(path, (await readFile(path)).toString('base64'))
    }
  return contents
}
async function textsIn({ logs }: Engine): Promise<string[]> {
  const texts: string[] = []
  for (const log of LOGS)
    for (let from = 0; ; ) {
      const slice = await logs.read({ group: 'clicks', log }, from, { entries: 7, bytes: 2000 })
      for (const { data } of slice.entries) texts.push(Buffer.from(data).toString())
      assert.ok(slice.next > from || slice.atTip, 'a read gets on')
      from = slice.next
      if (slice.atTip) break
    }
  return texts.sort()
}
const everything = Array.from({ length: 60 }, (_, number) => entryOf(0, number).toString()).sort()

async function refusal(dataDir: string): Promise<string> {
  const before = await contentsOf(dataDir)
  let message = ''
  for (const attempt of [
    () => openEmbedded({ dataDir, startAt: stopped.time }),
    () => inspectFolder(dataDir),
    () => openEmbedded({ dataDir, startAt: stopped.time }),
  ])
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof DataFolderError, String(error))
      assert.equal(error.code, 'Damaged')
      assert.ok(message === '' || message === error.message, 'doctor says what a start says')
      message = error.message
      return true
    })
  assert.deepEqual(await contentsOf(dataDir), before, 'nothing was changed')
  return message
}

/** What is served when the loss is accepted, then and in the next life, and what was said. */
async function accepted(dataDir: string) {
  const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
  const first = await openEmbedded({ dataDir, startAt: stopped.time, acceptDataLoss: true, problems })
  const swept: string[] = []
  for await (const id of first.engine.blobs.list()) swept.push(id)
  assert.deepEqual(swept, [], 'nothing is offered to a sweep')
  const served = await textsIn(first.engine).catch(() => undefined)
  await first.close()
  const next = await openEmbedded({ dataDir, startAt: stopped.time })
  assert.deepEqual(await textsIn(next.engine).catch(() => undefined), served)
  await next.close()
  return { served, said: problems.list().map(({ code, where }) => `${code} ${where}`), dataDir }
}

test('a folder that lacks nothing is opened, and everything is in it', async () => {
  const dataDir = await copyOfFolder()
  await inspectFolder(dataDir, { blobsPrefix: 's3/x/' })
  const { engine, close } = await openEmbedded({ dataDir, startAt: stopped.time })
  assert.deepEqual(await textsIn(engine), everything)
  await close()
})

test('a segment that is missing is refused by name, with what it held; accepted, the rest is served', async () => {
  const dataDir = await copyOfFolder()
  const path = await fileOf(dataDir, '.seg')
  await rm(path)
  assert.match(
    await refusal(dataDir),
    /\n {2}log\/\d+-0\.seg is missing: \d+ records of clicks\/log-0, clicks\/log-1, .* from 20.*Z to 20.*Z\n/,
  )
  const { served, said } = await accepted(dataDir)
  assert.ok(served!.length > 0 && served!.length < 60)
  assert.deepEqual(said, [`DataLost log/${path.split('/').at(-1)}`])
})

for (const [what, damage] of [
  ['is cut', async (path: string) => truncate(path, (await stat(path)).size - 1)],
  ['is empty', (path: string) => truncate(path, 0)],
  ['has a broken index', async (path: string) => flip(path, (await stat(path)).size - 30)],
] as const)
  test(`a segment that ${what} is refused by name; accepted, it is kept aside`, async () => {
    const dataDir = await copyOfFolder()
    const path = await fileOf(dataDir, '.seg')
    await damage(path)
    assert.match(await refusal(dataDir), /log\/\d+-0\.seg (cannot be read|has \d+ bytes)/)
    const { served } = await accepted(dataDir)
    assert.ok(served!.length > 0 && served!.length < 60)
    await stat(`${path}.damaged`)
  })

for (const [what, damage, isRest] of [
  ['is missing', (path: string) => rm(path), false],
  ['is cut in half', async (path: string) => truncate(path, (await stat(path)).size / 2), true],
  ['is empty', (path: string) => truncate(path, 0), false],
  ['has a flipped bit', (path: string) => flip(path, 100), true],
  ['has a flipped bit in its head', (path: string) => flip(path, 10), true],
] as const)
  test(`a write-ahead log that ${what} is refused by name; accepted, what is left of it is served`, async () => {
    const dataDir = await copyOfFolder()
    const path = await fileOf(dataDir, '.wal')
    await damage(path)
    assert.match(await refusal(dataDir), /\n {2}log\/\d+\.wal (is|has) .*: /)
    const { served } = await accepted(dataDir)
    assert.ok(served!.length >= 40 && served!.length <= 60)
    if (isRest) await stat(`${path}.damaged`)
  })

test('metadata that are missing are refused by name; accepted, what is left of records and objects is kept aside', async () => {
  const dataDir = await copyOfFolder()
  await rm(join(dataDir, 'metadata', 'data.mdb'))
  assert.match(await refusal(dataDir), /\n {2}metadata\/data\.mdb is missing: every stream/)
  const { served, said } = await accepted(dataDir)
  assert.equal(served, undefined)
  assert.deepEqual(said, ['DataLost metadata/data.mdb', 'DataLost blobs.damaged', 'DataLost log.damaged'])
  assert.ok((await readdir(join(dataDir, 'log.damaged'))).some((name) => name.endsWith('.seg')))
  await stat(join(dataDir, 'blobs.damaged', stopped.blob.id.slice(0, 2), stopped.blob.id))
})

for (const part of ['log', 'blobs'])
  test(`a missing folder ${part} is refused by name, and a missing mark in it; accepted, the rest is served`, async () => {
    const dataDir = await copyOfFolder()
    await rm(join(dataDir, part), { recursive: true })
    assert.match(await refusal(dataDir), new RegExp(`\\n {2}${part} is missing`))
    const { served } = await accepted(dataDir)
    assert.deepEqual(served, part === 'log' ? [] : everything)
    await rm(join(dataDir, part, 'identity'))
    assert.match(await refusal(dataDir), new RegExp(`\\n {2}${part}/identity is missing`))
    await accepted(dataDir)
  })

test('a mark that cannot be read, and that of another folder, are refused; accepted, the parts decide', async () => {
  for (const text of ['', '{', '{"dataVersion":2,"id":"other"}']) {
    const dataDir = await copyOfFolder()
    await writeFile(join(dataDir, 'standpipe.json'), text)
    assert.match(await refusal(dataDir), /\n {2}standpipe\.json is /)
    assert.deepEqual((await accepted(dataDir)).served, everything)
  }
})

const GARBAGE: readonly (readonly [what: string, damaged: (file: Buffer) => Uint8Array])[] = [
  ['zeros', (file) => Buffer.alloc(file.length)],
  ['half of it', (file) => file.subarray(0, file.length / 2)],
  ['nothing', () => Buffer.alloc(0)],
  ['noise', (file) => file.map((byte) => byte ^ 0xa5)],
]
for (const [what, damaged] of GARBAGE)
  test(`metadata in which there is ${what} are refused by name and do not end the process; accepted, all is kept aside`, async () => {
    const dataDir = await copyOfFolder()
    const path = join(dataDir, 'metadata', 'data.mdb')
    const garbage = damaged(await readFile(path))
    await writeFile(path, garbage)
    assert.match(await refusal(dataDir), /metadata\/data\.mdb is damaged and cannot be read: every stream/)
    const { served, said } = await accepted(dataDir)
    assert.equal(served, undefined)
    const kept = ['blobs', 'log', 'metadata'].map((part) => `DataLost ${part}.damaged`)
    assert.deepEqual(said, ['DataLost metadata/data.mdb', ...kept])
    assert.deepEqual(await readFile(join(dataDir, 'metadata.damaged', 'data.mdb')), Buffer.from(garbage))
    assert.ok((await readdir(join(dataDir, 'log.damaged'))).some((name) => name.endsWith('.seg')))
  })

test('a flipped bit in a document is refused by its name; accepted, all other documents are there', async () => {
  const dataDir = await copyOfFolder()
  const path = join(dataDir, 'metadata', 'data.mdb')
  const file = await readFile(path)
  for (let at = file.indexOf('"mine"'); at >= 0; at = file.indexOf('"mine"', at + 1)) file[at + 1]! ^= 1
  await writeFile(path, file)
  assert.match(await refusal(dataDir), /\n {2}metadata\/data\.mdb is damaged: document\n/)
  const { served, said } = await accepted(dataDir)
  assert.deepEqual([served, said], [everything, ['DataLost metadata/data.mdb']])
  await stat(`${path}.damaged`)
})

for (const [name, damaged] of [
  ['the number of one far away', (page: Buffer) => (page[4]! ^= 0x80)],
  ["another's number", (page: Buffer) => (page[0]! ^= 1)],
  ['a transaction to come', (page: Buffer) => (page[12]! ^= 0x10)],
  ['a kind that there is none of', (page: Buffer) => (page[18]! ^= 0x40)],
  [
    'that its nodes begin later than they do',
    (page: Buffer) => page.writeUInt16LE(page.readUInt16LE(22) + 32, 22),
  ],
] as const)
  test(`a page of the metadata that says ${name} is refused by its number; accepted, nothing is lost`, async () => {
    const dataDir = await copyOfFolder()
    const path = join(dataDir, 'metadata', 'data.mdb')
    const file = await readFile(path)
    // The root of what is free, as the newer of the two meta pages says: LMDB writes to it first.
    const bytes = file.readUInt32LE(48)
    const meta = [0, bytes].toSorted((a, b) => file.readUInt32LE(b + 152) - file.readUInt32LE(a + 152))[0]!
    const page = file.readUInt32LE(meta + 88)
    damaged(file.subarray(page * bytes))
    await writeFile(path, file)
    assert.match(await refusal(dataDir), new RegExp(`metadata/data.mdb is damaged: page ${page}\n`))
    const { served, said } = await accepted(dataDir)
    assert.deepEqual([served, said], [everything, ['DataLost metadata/data.mdb']])
  })

test('damage inside a segment costs what lies there: it is left out, named, and read over', async () => {
  const dataDir = await copyOfFolder()
  await flip(await fileOf(dataDir, '.seg'), 200)
  await assert.rejects(
    inspectFolder(dataDir, { blobsPrefix: 's3/x/' }),
    /left out: clicks\/log-0 from 20.* to 20.*, at byte 0/,
  )
  const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
  const { engine, close } = await openEmbedded({ dataDir, startAt: stopped.time, problems })
  const texts = await textsIn(engine)
  assert.ok(texts.length < 60 && texts.length > 40)
  assert.ok(texts.every((text) => everything.includes(text)))
  const [problem] = problems.list()
  assert.equal(problem?.code, 'Damaged')
  assert.match(problem?.where ?? '', /^log\/\d+-0\.seg$/)
  assert.match(problem?.what ?? '', /clicks\/log-0 from 20.*Z to 20.*Z, at byte 0/)
  await close()
})

test('a segment that is cut or taken away under the server costs its records only', async () => {
  for (const damage of [(path: string) => truncate(path, 300), (path: string) => rm(path)]) {
    const dataDir = await copyOfFolder()
    const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
    const { engine, close } = await openEmbedded({ dataDir, startAt: stopped.time, problems })
    await damage(await fileOf(dataDir, '.seg'))
    const texts = await textsIn(engine)
    assert.ok(texts.length > 40)
    await close()
  }
})

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[at]! ^= 4
  await writeFile(path, bytes)
}
