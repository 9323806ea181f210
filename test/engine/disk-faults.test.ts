import assert from 'node:assert/strict'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, mock, test } from 'node:test'
import { createDiskSpace } from '../../src/engine/embedded/files/disk-space.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'
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

for (const [step, code] of [
  ['datasync', 'EIO'],
  ['datasync', 'ENOSPC'],
  ['write', 'ENOSPC'],
  ['write', 'EIO'],
] as const)
  test(`after a ${step} that failed with ${code} nothing is written until a restart, which finds what was acknowledged`, async () => {
    const dataDir = await makeFolder()
    const problems = createProblems({ now: Date.now, warn: () => {}, info: () => {} })
    const { engine, close } = await openEmbedded({ dataDir, problems })
    await engine.logs.ensureGroup('g', { retentionMs: 100_000 })
    await engine.logs.append(id, [Buffer.from('before')])
    const failing = mock.method(files, step, () => Promise.reject(failure(code)))
    await assert.rejects(engine.logs.append(id, [Buffer.from('lost')]), (error) =>
      isEngineError(error, 'StorageFull'),
    )
    assert.equal(failing.mock.callCount(), 1)
    mock.restoreAll()
    await assert.rejects(engine.logs.append(id, [Buffer.from('later')]), (error) =>
      isEngineError(error, 'StorageFull'),
    )
    await engine.checkHealth()
    const [problem] = problems.list()
    assert.match(problem?.what ?? '', new RegExp(`restart.*${code}`))
    assert.equal((await engine.logs.read(id, 0, ALL)).entries.length, 1)
    await close()

    const again = await openEmbedded({ dataDir })
    await again.engine.logs.append(id, [Buffer.from('after')])
    const texts = (await again.engine.logs.read(id, 0, ALL)).entries.map(({ data }) =>
      Buffer.from(data).toString(),
    )
    assert.deepEqual([texts[0], texts.at(-1)], ['before', 'after'])
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
    const [id, other] = await Promise.all([put(2), put(3)])
    for (const [blob, fill] of [
      [id, 2],
      [other, 3],
    ] as const)
      for await (const piece of await engine.blobs.read(blob.id, { start: 0, end: 3 * chunkBytes }, blob))
        assert.ok(piece.every((byte) => byte === fill))
    await close()
  })
