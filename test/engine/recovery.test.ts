import assert from 'node:assert/strict'
import { once } from 'node:events'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isEngineError, type LogStore } from '../../src/engine/ports/engine.ts'
import { entryOf, startChild } from './child.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const ALL = { entries: 10_000, bytes: 2 ** 30 }
const RETENTION = { retentionMs: 3_600_000 }

async function readAll(logs: LogStore, log: string): Promise<{ position: number; text: string }[]> {
  const all: { position: number; text: string }[] = []
  for (let from = 0; ; ) {
    const { entries, next, atTip } = await logs.read({ group: 'g', log }, from, {
      entries: 100,
      bytes: 20_000,
    })
    for (const { position, data } of entries) all.push({ position, text: Buffer.from(data).toString() })
    from = next
    if (atTip) return all
  }
}

test('after each of several SIGKILLs, over rolls and seals, everything acknowledged is there, in order and unaltered', async () => {
  const dataDir = await makeFolder()
  const acknowledged: { writer: number; first: number; number: number; count: number }[] = []
  let lastPosition = 0
  for (let round = 0; round < 6; round++) {
    const child = startChild('append', dataDir, '60000', String(round * 1_000_000))
    const wanted = acknowledged.length + 150 + round * 90
    for await (const line of child.lines) {
      const [writer = 0, first = 0, number = 0, count = 0] = line.split(' ').map(Number)
      assert.ok(first > lastPosition, 'positions rise from one life to the next')
      acknowledged.push({ writer, first, number, count })
      if (acknowledged.length === wanted) child.process.kill('SIGKILL')
    }
    if (child.process.signalCode === null) await once(child.process, 'close')
    assert.equal(child.process.signalCode, 'SIGKILL')

    const { engine, close } = await openEmbedded({ dataDir, walBytes: 60_000 })
    const stored = new Map<number, string>()
    for (const log of ['log-0', 'log-1', 'log-2']) {
      const entries = await readAll(engine.logs, log)
      const numbers = new Map<string, number>()
      for (const [index, { position, text }] of entries.entries()) {
        stored.set(position, text)
        assert.ok(position > (entries[index - 1]?.position ?? 0), 'positions rise')
        const [writer = '', number] = text.split(':')
        assert.ok(Number(number) > (numbers.get(writer) ?? -1), 'the order of each writer is kept')
        assert.equal(Number(writer) % 3, Number(log.slice(-1)), 'entries stay in their log')
        assert.equal(text, entryOf(Number(writer), Number(number)).toString())
        numbers.set(writer, Number(number))
      }
    }
    for (const { writer, first, number, count } of acknowledged)
      for (let index = 0; index < count; index++)
        assert.equal(stored.get(first + index), entryOf(writer, number + index).toString())
    lastPosition = Math.max(...stored.keys())
    await close()
  }
  const files = await readdir(join(dataDir, 'log'))
  assert.ok(
    files.filter((name) => name.endsWith('.seg')).length >= 3,
    'the rounds went over several segments',
  )
  await rm(dataDir, { recursive: true })
})

/** `appends` commits of one entry each, in files of `walBytes`. */
async function append(logs: LogStore, appends: number) {
  await logs.ensureGroup('g', RETENTION)
  for (let number = 0; number < appends; number++)
    await logs.append({ group: 'g', log: `log-${number % 2}` }, [entryOf(0, number)])
}

test('a torn tail is left out, what was written before is there, and what is written next follows it', async () => {
  const dataDir = await makeFolder()
  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 2 ** 20 })
  await append(engine.logs, 6)
  // As a kill would leave it: nobody has noted yet how far the file goes.
  const killed = await makeFolder()
  await cp(dataDir, killed, { recursive: true })
  await close()
  await rm(dataDir, { recursive: true })
  const path = join(killed, 'log', '0000000001.wal')
  const whole = await readFile(path)
  const end = whole.findLastIndex((byte) => byte !== 0) + 1
  for (let cut = 1; cut < 300; cut += 23) {
    const torn = await makeFolder()
    await cp(killed, torn, { recursive: true })
    const bytes = Buffer.from(whole).fill(0, end - cut)
    await writeFile(join(torn, 'log', '0000000001.wal'), bytes)
    const { engine, close } = await openEmbedded({ dataDir: torn, startAt: clock.now() })
    const before = [...(await readAll(engine.logs, 'log-0')), ...(await readAll(engine.logs, 'log-1'))]
    assert.ok(before.length === 5 || cut > entryOf(0, 5).length + 40)
    assert.ok(before.length >= 4)
    const { first } = await engine.logs.append({ group: 'g', log: 'log-0' }, [entryOf(1, 1)])
    await close()
    const again = await openEmbedded({ dataDir: torn, startAt: clock.now() })
    const entries = await readAll(again.engine.logs, 'log-0')
    assert.deepEqual(entries.at(-1), { position: first, text: entryOf(1, 1).toString() })
    assert.ok(entries.every(({ position }, index) => position > (entries[index - 1]?.position ?? 0)))
    await again.close()
    await rm(torn, { recursive: true })
  }
  await rm(killed, { recursive: true })
})

test('positions go on rising when the clock was set back and everything stored has been given back', async () => {
  const dataDir = await makeFolder()
  const time = Date.UTC(2030, 0, 1)
  const first = await openEmbedded({ dataDir, startAt: time, walBytes: 100 })
  const id = { group: 'g', log: 'a' }
  await first.engine.logs.ensureGroup('g', RETENTION)
  for (let number = 0; number < 5; number++) await first.engine.logs.append(id, [entryOf(0, number)])
  const { first: last } = await first.engine.logs.append(id, [entryOf(0, 5)])
  await first.engine.logs.dropGroup('g')
  await first.close()
  for (let round = 0; round < 2; round++) {
    const { engine, close } = await openEmbedded({ dataDir, startAt: time - 1e9, walBytes: 100 })
    await engine.logs.ensureGroup('g', RETENTION)
    assert.ok((await engine.logs.seek(id, 'newest')) > last)
    assert.ok((await engine.logs.append(id, [entryOf(1, round)])).first > last)
    await close()
  }
  await rm(dataDir, { recursive: true })
})

test('groups, retentions, trims, seals, documents and blobs are there after a restart', async () => {
  const dataDir = await makeFolder()
  const first = await openEmbedded({ dataDir, walBytes: 500 })
  const { logs, metadata, blobs } = first.engine
  const id = { group: 'g', log: 'a' }
  await logs.ensureGroup('g', RETENTION)
  await logs.ensureGroup('dropped', RETENTION)
  const appended = await logs.append(id, [entryOf(0, 0), entryOf(0, 1)])
  await logs.trim(id, appended.first + 1)
  const early = await logs.seal(id)
  for (let number = 0; number < 20; number++)
    await logs.append({ group: 'g', log: 'b' }, [entryOf(1, number)])
  const late = await logs.seal({ group: 'g', log: 'b' })
  await logs.append({ group: 'dropped', log: 'a' }, [entryOf(2, 0)])
  await logs.dropGroup('dropped')
  const revision = await metadata.commit([{ put: 'k', value: { bytes: new Uint8Array([1, 2]) } }])
  const writer = await blobs.create()
  await writer.write(Buffer.from('blob'))
  const { id: blob } = await writer.finish()
  const unfinished = await blobs.create()
  await unfinished.write(Buffer.from('never finished'))
  await first.close()

  const { engine, close, clock } = await openEmbedded({ dataDir, walBytes: 500, startAt: first.clock.now() })
  assert.deepEqual(
    (await readAll(engine.logs, 'a')).map(({ text }) => text),
    [entryOf(0, 1).toString()],
  )
  assert.equal((await readAll(engine.logs, 'b')).length, 20)
  assert.deepEqual(
    [await engine.logs.seal(id), await engine.logs.seal({ group: 'g', log: 'b' })],
    [early, late],
  )
  for (const log of ['a', 'b'])
    await assert.rejects(engine.logs.append({ group: 'g', log }, [entryOf(0, 9)]), (error) =>
      isEngineError(error, 'LogSealed'),
    )
  await assert.rejects(engine.logs.read({ group: 'dropped', log: 'a' }, 0, ALL), (error) =>
    isEngineError(error, 'NoSuchGroup'),
  )
  await engine.logs.ensureGroup('dropped', RETENTION)
  assert.deepEqual((await engine.logs.read({ group: 'dropped', log: 'a' }, 0, ALL)).entries, [])
  const document = await engine.metadata.get<{ bytes: Uint8Array }>('k')
  assert.deepEqual([document?.revision, [...document!.value.bytes]], [revision, [1, 2]])
  assert.ok((await engine.metadata.commit([{ put: 'k', value: 1 }])) > revision)
  const found: string[] = []
  for await (const name of engine.blobs.list()) found.push(name)
  assert.deepEqual(found, [blob])
  assert.deepEqual(await readdir(join(dataDir, 'blobs', 'unfinished')), [])
  await clock.advance(RETENTION.retentionMs + 1)
  assert.deepEqual(await readAll(engine.logs, 'b'), [])
  await close()
  await rm(dataDir, { recursive: true })
})
