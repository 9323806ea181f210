import assert from 'node:assert/strict'
import { cp, type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, mock, test } from 'node:test'
import { createDiskSpace } from '../../src/engine/embedded/files/disk-space.ts'
import { type Engine, isEngineError } from '../../src/engine/ports/engine.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const folder = await makeFolder()
const someHandle = await open(join(folder, 'some'), 'w')
/** Every open file's methods: a fault here is a fault of the disk. */
const files: FileHandle = Object.getPrototypeOf(someHandle)
await someHandle.close()
after(() => rm(folder, { recursive: true }))
afterEach(() => mock.restoreAll())

const id = { group: 'g', log: 'a' }
const ALL = { entries: 100, bytes: 10_000 }
const isFull = (error: unknown) => isEngineError(error, 'StorageFull')
const textsOf = async ({ logs }: Engine) =>
  (await logs.read(id, 0, ALL)).entries.map(({ data }) => Buffer.from(data).toString())
const failure = (code: string) => Object.assign(new Error(`${code}: of the test`), { code })

test('no append is acknowledged, read or announced before its own sync has ended', async () => {
  const { engine, close } = await openEmbedded()
  await engine.logs.ensureGroup('g', { retentionMs: 1000 })
  const sync = files.datasync
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const synced = mock.method(files, 'datasync', async function (this: FileHandle) {
    await held
    return sync.call(this)
  })
  let acknowledged = false
  const appending = engine.logs.append(id, [Buffer.from('x')]).then(() => {
    acknowledged = true
  })
  while (synced.mock.callCount() === 0) await new Promise(setImmediate)
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  const { entries, atTip } = await engine.logs.read(id, 0, ALL)
  assert.deepEqual([acknowledged, entries.length, atTip], [false, 0, true])
  release()
  await appending
  assert.equal((await engine.logs.read(id, 0, ALL)).entries.length, 1)
  await close()
})

for (const step of ['datasync', 'write'] as const)
  test(`after a ${step} that failed with EIO nothing is written until a restart, which finds what was acknowledged`, async () => {
    const dataDir = await makeFolder()
    const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
    const { engine, close } = await openEmbedded({ dataDir, problems })
    await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
    await engine.logs.append(id, [Buffer.from('before')])
    const failing = mock.method(files, step, () => Promise.reject(failure('EIO')))
    await assert.rejects(engine.logs.append(id, [Buffer.from('refused')]), isFull)
    assert.equal(failing.mock.callCount(), 1)
    mock.restoreAll()
    await assert.rejects(engine.logs.append(id, [Buffer.from('later')]), isFull)
    const [problem] = problems.list()
    assert.match(`${problem?.code}: ${problem?.what}`, /^LogStopped: .*restart.*EIO/)
    assert.ok(isFull(engine.refusal()))
    assert.deepEqual(await textsOf(engine), ['before'])
    await close()

    const again = await openEmbedded({ dataDir })
    await again.engine.logs.append(id, [Buffer.from('after')])
    assert.deepEqual(await textsOf(again.engine), ['before', 'after'])
    await again.close()
    await rm(dataDir, { recursive: true })
  })

for (const [step, code] of [
  ['datasync', 'ENOSPC'],
  ['datasync', 'EDQUOT'],
  ['write', 'ENOSPC'],
  ['write', 'EDQUOT'],
] as const)
  test(`after a ${step} that failed with ${code} the log goes on in another file, by itself, without what was refused`, async () => {
    const dataDir = await makeFolder()
    const said: string[] = []
    const problems = createProblems({
      ...{ now: Date.now, warn: (what) => said.push(what), info: (what) => said.push(what) },
    })
    const { engine, close } = await openEmbedded({ dataDir, problems })
    await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
    await engine.logs.append(id, [Buffer.from('before')])
    const real = files[step] as (this: FileHandle, ...given: unknown[]) => Promise<unknown>
    const touched: FileHandle[] = []
    mock.method(files, step, async function (this: FileHandle, ...given: unknown[]) {
      touched.push(this)
      // All of it may have reached the file.
      await real.apply(this, given)
      throw failure(code)
    })
    for (let time = 0; time < 3; time++)
      await assert.rejects(engine.logs.append(id, [Buffer.from('refused')]), isFull)
    assert.equal(touched.length, 1)
    assert.equal(touched[0]?.fd, -1, 'that file is written to no more')
    assert.ok(isFull(engine.refusal()))
    assert.deepEqual(
      problems.list().map((problem) => problem.code),
      ['StorageFull'],
    )
    mock.restoreAll()
    await engine.checkHealth()
    assert.equal(engine.refusal(), undefined)
    await engine.logs.append(id, [Buffer.from('later')])
    assert.deepEqual(await textsOf(engine), ['before', 'later'])
    assert.deepEqual([said.length, problems.list()], [2, []])
    await close()

    const again = await openEmbedded({ dataDir })
    await again.engine.logs.append(id, [Buffer.from('after')])
    assert.deepEqual(await textsOf(again.engine), ['before', 'later', 'after'])
    await again.close()
    await rm(dataDir, { recursive: true })
  })

test('what was refused does not come back when the process is killed before the log went on', async () => {
  const dataDir = await makeFolder()
  const { engine, close } = await openEmbedded({ dataDir })
  await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
  await engine.logs.append(id, [Buffer.from('before')])
  mock.method(files, 'datasync', () => Promise.reject(failure('ENOSPC')))
  await assert.rejects(engine.logs.append(id, [Buffer.from('refused')]), isFull)
  mock.restoreAll()
  const killed = `${dataDir}-killed`
  await cp(dataDir, killed, { recursive: true, filter: (path) => !/standpipe\.lock|lock\.mdb/.test(path) })
  const again = await openEmbedded({ dataDir: killed })
  assert.deepEqual(await textsOf(again.engine), ['before'])
  await again.engine.logs.append(id, [Buffer.from('after')])
  assert.deepEqual(await textsOf(again.engine), ['before', 'after'])
  await again.close()
  await close()
  for (const path of [dataDir, killed]) await rm(path, { recursive: true })
})

test('a segment for which there is no room is made later; until then nothing is lost, and nothing waits', async () => {
  const dataDir = await makeFolder()
  const { engine, close } = await openEmbedded({ dataDir, walBytes: 100 })
  await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
  const fill = (name: string) => engine.logs.append(id, [Buffer.alloc(200, name)])
  await fill('a')
  const sync = files.sync
  let syncs = 0
  mock.method(files, 'sync', function (this: FileHandle) {
    return ++syncs > 2 ? Promise.reject(failure('ENOSPC')) : sync.call(this)
  })
  const put = ['a', 'b']
  await fill('b')
  while (engine.refusal() === undefined) await new Promise(setImmediate)
  await assert.rejects(fill('x'), isFull)
  mock.restoreAll()
  await engine.checkHealth()
  for (const name of ['c', 'd', 'e', 'f']) {
    await fill(name)
    put.push(name)
  }
  assert.deepEqual(
    (await textsOf(engine)).map((text) => text[0]),
    put,
  )
  await close()
  const again = await openEmbedded({ dataDir, walBytes: 100 })
  assert.deepEqual(
    (await textsOf(again.engine)).map((text) => text[0]),
    put,
  )
  await again.close()
  await rm(dataDir, { recursive: true })
})

test('a segment that cannot be written stops the log, and its write-ahead log is replayed by the next start', async () => {
  const dataDir = await makeFolder()
  const errors: unknown[] = []
  const { engine, close } = await openEmbedded({
    dataDir,
    walBytes: 100,
    onError: (error) => errors.push(error),
  })
  await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
  await engine.logs.append(id, [Buffer.alloc(200, 'a')])
  // A segment's own sync is its second: the first is the one of the write-ahead log that follows.
  const sync = files.sync
  let syncs = 0
  mock.method(files, 'sync', function (this: FileHandle) {
    return ++syncs > 2 ? Promise.reject(failure('EIO')) : sync.call(this)
  })
  await engine.logs.append(id, [Buffer.alloc(200, 'b')])
  while (errors.length === 0) await new Promise(setImmediate)
  mock.restoreAll()
  await assert.rejects(engine.logs.append(id, [Buffer.from('x')]), (error) =>
    isEngineError(error, 'StorageFull'),
  )
  assert.equal((await engine.logs.read(id, 0, ALL)).entries.length, 2)
  await close()
  const again = await openEmbedded({ dataDir, walBytes: 100 })
  assert.equal((await again.engine.logs.read(id, 0, ALL)).entries.length, 2)
  await again.close()
  await rm(dataDir, { recursive: true })
})

test('a disk below its floor is refused in time, and said', async () => {
  const plenty = createDiskSpace(folder, 0)
  assert.equal(await plenty.admit(100), undefined)
  const short = createDiskSpace(folder, Number.MAX_SAFE_INTEGER)
  assert.ok(isEngineError(await short.admit(1), 'StorageFull'))
  assert.match((await short.shortage(0))?.message ?? '', /MiB free/)
})

test('of many writers at once each is told that the disk is short, or that it is not', async () => {
  const all = <T>(value: T) => Array.from({ length: 20 }, () => value)
  const plenty = createDiskSpace(folder, 0)
  assert.deepEqual(await Promise.all(all(3 * 2 ** 20).map(plenty.admit)), all(undefined))
  const short = createDiskSpace(folder, Number.MAX_SAFE_INTEGER)
  const refusals = await Promise.all(all(3 * 2 ** 20).map(short.admit))
  assert.ok(refusals.every((refusal) => isEngineError(refusal, 'StorageFull')))
})

for (const [step, code, chunkBytes] of [
  ['write', 'ENOSPC', 2 ** 20],
  ['write', 'ENOSPC', 1],
  ['truncate', 'ENOSPC', 1],
  ['datasync', 'ENOSPC', 1],
] as const)
  test(`a blob of chunks of ${chunkBytes} whose ${step} fails is refused, and the next one is whole`, async () => {
    const { engine, close } = await openEmbedded()
    const put = async (fill: number) => {
      const writer = await engine.blobs.create()
      try {
        for (let count = 0; count < 3; count++) await writer.write(Buffer.alloc(chunkBytes, fill))
        return await writer.finish()
      } catch (error) {
        await writer.abort()
        throw error
      }
    }
    const failing = mock.method(files, step, () => Promise.reject(failure(code)))
    await assert.rejects(put(1), (error) => isEngineError(error, 'StorageFull'))
    failing.mock.restore()
    await engine.checkHealth()
    const [id, other] = await Promise.all([put(2), put(3)])
    for (const [blob, fill] of [
      [id, 2],
      [other, 3],
    ] as const)
      for await (const piece of await engine.blobs.read(blob.id, { start: 0, end: 3 * chunkBytes }, blob))
        assert.ok(piece.every((byte) => byte === fill))
    await close()
  })
