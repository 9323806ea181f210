import assert from 'node:assert/strict'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFolderSpace } from '../../src/engine/embedded/files/folder-space.ts'
import { type Engine, isEngineError } from '../../src/engine/ports/engine.ts'
import { until } from '../until.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const MIB = 2 ** 20

async function putBlob({ blobs }: Engine, sizeBytes: number): Promise<string> {
  const writer = await blobs.create()
  try {
    for (let at = 0; at < sizeBytes; at += MIB)
      await writer.write(new Uint8Array(Math.min(MIB, sizeBytes - at)))
    return (await writer.finish()).id
  } catch (error) {
    await writer.abort()
    throw error
  }
}

const isFull = (error: unknown) => isEngineError(error, 'StorageFull')

test('what a group takes is the same before and after its log became segments, and after a restart', async (t) => {
  const dataDir = await makeFolder()
  t.after(() => rm(dataDir, { recursive: true }))
  const first = await openEmbedded({ dataDir, walBytes: 64 * 1024 })
  const { logs } = first.engine
  await logs.ensureGroup('g', { retentionMs: 3_600_000 })
  const entry = new Uint8Array(1000)
  let position = 0
  for (let index = 0; index < 300; index++)
    ({ first: position } = await logs.append({ group: 'g', log: `${index % 3}` }, [entry]))
  const before = logs.bytesOf('g')
  assert.ok(before >= 300_000 && before < 310_000, String(before))
  await logs.trim({ group: 'g', log: '0' }, position + 1)
  const trimmed = logs.bytesOf('g')
  assert.ok(trimmed >= 200_000 && trimmed < 220_000, String(trimmed))
  await first.close()
  const again = await openEmbedded({ dataDir, walBytes: 64 * 1024, startAt: first.clock.now() })
  t.after(again.close)
  const restarted = again.engine.logs.bytesOf('g')
  assert.ok(restarted >= 200_000 && restarted < 240_000, String(restarted))
})

test('the space is what the folder takes: log, metadata and blobs, and blobs of a former life too', async (t) => {
  const dataDir = await makeFolder()
  t.after(() => rm(dataDir, { recursive: true }))
  const first = await openEmbedded({ dataDir, walBytes: MIB })
  const kept = await putBlob(first.engine, 3 * MIB)
  const copied = await first.engine.blobs.copy(kept)
  const gone = await putBlob(first.engine, 2 * MIB)
  assert.equal((await first.engine.space()).parts.blobs, 8 * MIB)
  await first.engine.blobs.delete(gone)
  const writer = await first.engine.blobs.create()
  await writer.write(new Uint8Array(MIB))
  assert.equal((await first.engine.space()).parts.blobs, 7 * MIB, 'what is being written counts')
  await writer.abort()
  const { parts } = await first.engine.space()
  assert.equal(parts.blobs, 6 * MIB)
  const names = (await readdir(join(dataDir, 'log'))).filter((name) => /\.(wal|seg)$/.test(name))
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dataDir, 'log', name))).size))
  assert.equal(
    parts.log,
    sizes.reduce((sum, size) => sum + size, 0),
  )
  assert.ok(parts.metadata > 0)
  await first.close()
  const again = await openEmbedded({ dataDir, walBytes: MIB })
  t.after(again.close)
  // Some go while they are still being counted, others come.
  await again.engine.blobs.delete(copied)
  await putBlob(again.engine, MIB)
  const blobsNow = async () => (await again.engine.space()).parts.blobs
  await until(async () => (await blobsNow()) === 4 * MIB)
  await again.engine.blobs.delete(kept)
  assert.equal(await blobsNow(), MIB)
})

test('what blobs take stays right whoever deletes one twice, or gives up one that is finished', async (t) => {
  const { engine, close } = await openEmbedded()
  t.after(close)
  const blobsNow = async () => (await engine.space()).parts.blobs
  const gone = await putBlob(engine, MIB)
  const writer = await engine.blobs.create()
  await writer.write(new Uint8Array(MIB))
  const { id } = await writer.finish()
  await writer.abort()
  assert.equal(await blobsNow(), 2 * MIB)
  await Promise.all([engine.blobs.delete(gone), engine.blobs.delete(gone)])
  assert.equal(await blobsNow(), MIB)
  await engine.blobs.delete(id)
  assert.equal(await blobsNow(), 0)
})

test('a folder that has reached its bound takes no more, by name; what is deleted gives it back', async (t) => {
  const { engine, close } = await openEmbedded({ maxBytes: 256 * MIB, walBytes: MIB })
  t.after(close)
  await engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  const ids: string[] = []
  for (let left = 18; left > 0; left--) ids.push(await putBlob(engine, 10 * MIB))
  const id = { group: 'g', log: 'a' }
  for (let index = 0; ; index++) {
    const answer = await engine.logs.append(id, [new Uint8Array(MIB / 2)]).catch((error: unknown) => error)
    if (isFull(answer)) break
    assert.ok(index < 100, 'the log went past the bound')
  }
  const full = await engine.space()
  assert.ok(full.usedBytes <= 256 * MIB && full.roomBytes < 2 * MIB, JSON.stringify(full))
  assert.equal(full.limitBytes, 256 * MIB)
  await assert.rejects(putBlob(engine, 20 * MIB), (error: Error) => {
    assert.match(error.message, /the data folder has reached --max-disk 256 MiB \(1\d\d\.\d MiB are used/)
    return isFull(error)
  })
  assert.equal((await engine.space()).roomBytes, 0)
  // Checkpoints and deletions go on, and bring it back.
  await engine.metadata.commit([{ put: 'checkpoint', value: { next: 1 } }])
  for (const blob of ids.splice(0, 2)) await engine.blobs.delete(blob)
  await engine.checkHealth()
  await engine.logs.append(id, [new Uint8Array(MIB / 2)])
})

test('in a folder that has reached its bound a log is sealed all the same, as a deletion begins with that', async () => {
  const { engine, close } = await openEmbedded({ maxBytes: 256 * MIB, walBytes: MIB })
  await engine.logs.ensureGroup('g', { retentionMs: 3_600_000 })
  const entry = new Uint8Array(MIB / 2)
  const fill = async () => {
    for (let count = 0; count < 600; count++) await engine.logs.append({ group: 'g', log: 'a' }, [entry])
  }
  await assert.rejects(fill, { code: 'StorageFull' })
  await engine.logs.seal({ group: 'g', log: 'a' })
  await engine.logs.dropGroup('g')
  await close()
})

test('without a bound there is what the disk has', async (t) => {
  const folder = await makeFolder()
  t.after(() => rm(folder, { recursive: true }))
  const space = await createFolderSpace({ folder, floorBytes: 0, maxBytes: undefined }).measure()
  assert.equal(space.limitBytes, undefined)
  assert.ok(space.roomBytes <= space.freeBytes)
})

test('an engine whose folder was taken away keeps its books as well as it can, and closes', async () => {
  const dataDir = await makeFolder()
  const { engine, close } = await openEmbedded({ dataDir })
  await rm(dataDir, { recursive: true })
  await engine.metadata.commit([{ put: 'meters', value: { since: 1 } }])
  await close()
})
