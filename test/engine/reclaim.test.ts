import assert from 'node:assert/strict'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createOpenFiles } from '../../src/engine/embedded/files/open-files.ts'
import { sortLogFiles } from '../../src/engine/embedded/log/file-names.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { until } from '../until.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const ALL = { entries: 10_000, bytes: 2 ** 30 }
const HOUR_MS = 3_600_000
const ENTRY = Buffer.alloc(1000, 'x')

async function diskBytes(dataDir: string): Promise<number> {
  const folder = join(dataDir, 'log')
  let sum = 0
  for (const name of await readdir(folder))
    sum += (await stat(join(folder, name)).catch(() => ({ size: 0 }))).size
  return sum
}
const fill = async ({ logs }: Engine, group: string, count: number) => {
  await Promise.all(
    Array.from({ length: count }, (_, index) => logs.append({ group, log: `log-${index % 4}` }, [ENTRY])),
  )
}
const countOf = async ({ logs }: Engine, group: string) => {
  let sum = 0
  for (let log = 0; log < 4; log++)
    sum += (await logs.read({ group, log: `log-${log}` }, 0, ALL)).entries.length
  return sum
}
/** Groups of 400 KB and of 200 KB, mixed in segments of 50 KB. */
async function mixed() {
  const dataDir = await makeFolder()
  const subject = await openEmbedded({ dataDir, walBytes: 50_000 })
  for (const group of ['short', 'long'])
    await subject.engine.logs.ensureGroup(group, { retentionMs: (group === 'short' ? 1 : 48) * HOUR_MS })
  for (let round = 0; round < 40; round++)
    for (const [group, count] of [
      ['short', 10],
      ['long', 5],
    ] as const)
      await fill(subject.engine, group, count)
  await until(
    async () => (await readdir(join(dataDir, 'log'))).filter((name) => name.endsWith('.wal')).length === 1,
  )
  assert.ok((await diskBytes(dataDir)) > 600_000)
  const end = async () => {
    await subject.close()
    await rm(dataDir, { recursive: true })
  }
  return { ...subject, dataDir, end }
}

test('a dropped group gives its disk back out of the segments that it shared', async () => {
  const { engine, dataDir, end } = await mixed()
  await engine.logs.dropGroup('short')
  await until(async () => (await diskBytes(dataDir)) < 300_000)
  assert.equal(await countOf(engine, 'long'), 200)
  await end()
})

test('a shorter retention gives its disk back by itself as the clock goes on, and in the end all is given back', async () => {
  const { engine, dataDir, clock, end } = await mixed()
  await clock.advance(2 * HOUR_MS)
  await until(async () => (await diskBytes(dataDir)) < 300_000)
  assert.deepEqual([await countOf(engine, 'short'), await countOf(engine, 'long')], [0, 200])
  await clock.advance(48 * HOUR_MS)
  await until(async () => (await diskBytes(dataDir)) < 120_000)
  assert.equal(await countOf(engine, 'long'), 0)
  await end()
})

test('what was trimmed is given back, and a restart finds the rest', async () => {
  const { engine, clock, dataDir, close } = await mixed()
  for (let log = 0; log < 4; log++) {
    const id = { group: 'long', log: `log-${log}` }
    await engine.logs.trim(id, await engine.logs.seek(id, 'newest'))
  }
  await clock.advance(2 * HOUR_MS)
  await until(async () => (await diskBytes(dataDir)) < 120_000)
  await fill(engine, 'long', 8)
  await close()
  const again = await openEmbedded({ dataDir, startAt: clock.now() })
  assert.equal(await countOf(again.engine, 'long'), 8)
  await again.close()
  await rm(dataDir, { recursive: true })
})

test('what is left in a segment that was rewritten twice in one life is still read', async () => {
  const { engine, dataDir, end } = await mixed()
  await engine.logs.ensureGroup('third', { retentionMs: HOUR_MS })
  for (let round = 0; round < 20; round++)
    for (const [group, count] of [
      ['short', 20],
      ['third', 8],
      ['long', 4],
    ] as const)
      await fill(engine, group, count)
  const generations = async () =>
    (await readdir(join(dataDir, 'log'))).map((name) => Number(/-(\d)\.seg$/.exec(name)?.[1] ?? 0))
  await engine.logs.dropGroup('short')
  await until(async () => (await generations()).includes(1))
  await until(async () => (await diskBytes(dataDir)) < 640_000)
  await engine.logs.dropGroup('third')
  await until(async () => (await generations()).includes(2))
  await until(async () => (await diskBytes(dataDir)) < 450_000)
  assert.equal(await countOf(engine, 'long'), 280)
  await end()
})

test('readers see everything while segments are rewritten under them', async () => {
  const { engine, end } = await mixed()
  const reading = Array.from({ length: 20 }, () => countOf(engine, 'long'))
  await engine.logs.dropGroup('short')
  reading.push(...Array.from({ length: 20 }, () => countOf(engine, 'long')))
  for (const count of await Promise.all(reading)) assert.equal(count, 200)
  await end()
})

test('a file is discarded only when its last reader has left, and no more are open than allowed', async () => {
  const folder = await makeFolder()
  const pathOf = (name: string) => join(folder, name)
  for (const name of ['a', 'b', 'c']) await writeFile(pathOf(name), name)
  const files = createOpenFiles(1)
  const read = (name: string, during: () => Promise<unknown> = async () => undefined) =>
    files.read(pathOf(name), async (handle) => {
      await during()
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 0)
      return buffer.toString()
    })
  let discarded: Promise<void> | undefined
  let isDiscarded = false
  const text = await read('a', async () => {
    discarded = files.discard(pathOf('a')).then(() => {
      isDiscarded = true
    })
    assert.equal(await read('b'), 'b')
    assert.equal(await read('c'), 'c')
    assert.equal(isDiscarded, false)
  })
  assert.equal(text, 'a')
  await discarded
  await assert.rejects(read('a'), { code: 'ENOENT' })
  await writeFile(pathOf('a'), 'n')
  assert.equal(await read('a'), 'n')
  await files.close()
  await rm(folder, { recursive: true })
})

test('names in the folder are sorted out: the newest generation of a segment counts, and its write-ahead log no more', () => {
  const names = [
    '0000000002.wal',
    '0000000001-0.seg',
    '0000000001.wal',
    '0000000010.wal',
    '0000000003-1.seg',
    '0000000003-0.seg',
    '0000000004-0.seg.tmp',
    '0000000005.wal.tmp',
    '0000000003-10.seg',
    'README',
  ]
  assert.deepEqual(sortLogFiles(names), {
    wals: [2, 10],
    segments: [
      { number: 1, generation: 0 },
      { number: 3, generation: 10 },
    ],
    leftover: [
      '0000000004-0.seg.tmp',
      '0000000005.wal.tmp',
      '0000000003-1.seg',
      '0000000003-0.seg',
      '0000000001.wal',
    ],
  })
})
