import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { FOREVER_MS } from '../../src/engine/ports/engine.ts'
import { makeFolder, openEmbedded } from './embedded-subject.ts'

const DAY_MS = 86_400_000
const ENTRY = Buffer.alloc(1000, 'x')
const ALL = { entries: 10_000, bytes: 2 ** 30 }

test('what a former version would have given back undelivered after seven days is there when its folder is opened', async (t) => {
  const dataDir = await makeFolder()
  t.after(() => rm(dataDir, { recursive: true }))
  const waiting = { group: 'firehose/0', log: 'records' }
  const stream = { group: 'kinesis/clicks', log: '0' }
  const former = await openEmbedded({ dataDir, walBytes: 20_000 })
  for (const { group } of [waiting, stream])
    await former.engine.logs.ensureGroup(group, { retentionMs: 7 * DAY_MS })
  for (let count = 0; count < 50; count++)
    for (const id of [waiting, stream]) await former.engine.logs.append(id, [ENTRY])
  const startAt = former.clock.now() + 30 * DAY_MS
  await former.close()
  for (let opening = 0; opening < 2; opening++) {
    const { engine, close } = await openEmbedded({ dataDir, walBytes: 20_000, startAt })
    const counts = [waiting, stream].map(async (id) => (await engine.logs.read(id, 0, ALL)).entries.length)
    assert.deepEqual(await Promise.all(counts), [50, 0])
    await close()
  }
})

test('a retention of for ever ends at no time', async (t) => {
  const dataDir = await makeFolder()
  t.after(() => rm(dataDir, { recursive: true }))
  const id = { group: 'g', log: 'l' }
  const before = await openEmbedded({ dataDir })
  await before.engine.logs.ensureGroup('g', { retentionMs: FOREVER_MS })
  await before.engine.logs.append(id, [ENTRY])
  const startAt = before.clock.now() + 20_000 * DAY_MS
  await before.close()
  const { engine, close } = await openEmbedded({ dataDir, startAt })
  assert.equal((await engine.logs.read(id, 0, ALL)).entries.length, 1)
  await close()
})
