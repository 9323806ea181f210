import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'

const clock = createClock({ mode: 'manual', onError: (error) => assert.fail(String(error)) })
const isFull = (error: unknown) => isEngineError(error, 'StorageFull')
const id = { group: 'g', log: 'a' }
const KiB = Buffer.alloc(1024)

/** An engine that holds ten entries of 1 KiB, and how many more it takes. */
async function tenEntries() {
  const engine = createMemoryEngine({ clock, limitBytes: 10 * 1124 })
  await engine.logs.ensureGroup('g', { retentionMs: 1000 })
  const fill = async (log = 'a') => {
    for (let count = 0; ; count++)
      try {
        await engine.logs.append({ group: 'g', log }, [KiB])
      } catch (error) {
        assert.ok(isFull(error))
        return count
      }
  }
  return { ...engine, fill }
}

test('more entries than the limit are refused until some are too old, trimmed, or dropped', async () => {
  const { logs, fill } = await tenEntries()
  assert.equal(await fill(), 10)
  await clock.advance(2000)
  assert.equal(await fill('b'), 10)
  const { entries } = await logs.read({ ...id, log: 'b' }, 0, { entries: 4, bytes: 2 ** 20 })
  await logs.trim({ ...id, log: 'b' }, entries.at(-1)!.position)
  assert.equal(await fill(), 3)
  await logs.dropGroup('g')
  await logs.ensureGroup('g', { retentionMs: 1000 })
  assert.equal(await fill(), 10)
})

test('blobs count too, finished or not, until they are deleted or aborted', async () => {
  const { blobs, logs, fill } = await tenEntries()
  const half = Buffer.alloc(5 * 1124)
  const aborted = await blobs.create()
  await aborted.write(half)
  await aborted.abort()
  const writer = await blobs.create()
  await writer.write(half)
  const { id: blob } = await writer.finish()
  const copy = await blobs.copy(blob)
  await assert.rejects(blobs.copy(blob), isFull)
  await assert.rejects(logs.append(id, [KiB]), isFull)
  await blobs.delete(copy)
  await blobs.delete(copy)
  assert.equal(await fill(), 5)
  await blobs.delete(blob)
  assert.equal(await fill(), 5)
})
