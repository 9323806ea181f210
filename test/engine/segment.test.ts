import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { createOpenFiles } from '../../src/engine/embedded/files/open-files.ts'
import { encodeFrame } from '../../src/engine/embedded/log/frame.ts'
import { createLog, type Log, type Segment } from '../../src/engine/embedded/log/log-state.ts'
import { readLog } from '../../src/engine/embedded/log/reader.ts'
import { createSegmentDamage } from '../../src/engine/embedded/log/segments/chunks.ts'
import { copyLive, verdictOf, writeTail } from '../../src/engine/embedded/log/segments/reclaim.ts'
import { readIndex } from '../../src/engine/embedded/log/segments/segment-index.ts'
import { createSegmentWriter } from '../../src/engine/embedded/log/segments/segment-writer.ts'
import { unheardProblems } from '../../src/metrics/problems.ts'
import { makeFolder } from './embedded-subject.ts'

const folder = await makeFolder()
const files = createOpenFiles(2)
after(async () => {
  await files.close()
  await rm(folder, { recursive: true })
})
const reading = { files, damage: createSegmentDamage(unheardProblems) }
const ALL = { entries: 1e6, bytes: 2 ** 30 }
const group = {
  id: 3,
  name: 'g',
  options: { retentionMs: Number.POSITIVE_INFINITY },
  dropped: false,
  logs: new Map(),
}
const marker = Buffer.alloc(8)

/** Logs with their entries in memory; each append is `[log, sizes of its entries]`. */
const appends = fc.array(
  fc.tuple(fc.nat(3), fc.array(fc.oneof(fc.nat(300), fc.constant(70_000)), { minLength: 1, maxLength: 4 })),
  { minLength: 1, maxLength: 25 },
)
function logsOf(given: [number, number[]][]) {
  const logs = Array.from({ length: 4 }, (_, index) => createLog(group, `log-${index}`))
  let first = 1
  for (const [index, sizes] of given) {
    const log = logs[index]!
    const entries = sizes.map((size, entry) => Buffer.alloc(size, `${first + entry}.`))
    const { stored } = encodeFrame(marker, [{ groupId: 3, log: log.name, kind: 'entries', first, entries }])
    log.tail.push(stored[0]!)
    first += sizes.length + 2
    log.last = first - 3
  }
  return { logs, last: first }
}
const contentsOf = async (logs: readonly Log[], from = 0) => {
  const contents: string[][] = []
  for (const log of logs)
    contents.push(
      (await readLog(reading, log, Math.max(from, log.trimmedBefore), ALL)).entries.map(
        ({ position, data }) => `${position}:${Buffer.from(data).toString()}`,
      ),
    )
  return contents
}
async function write(fill: (writer: Awaited<ReturnType<typeof createSegmentWriter>>) => Promise<void>) {
  const path = join(await mkdtemp(join(folder, 's-')), 'x.seg')
  const writer = await createSegmentWriter({ path, number: 1, generation: 0 })
  await fill(writer)
  return writer.finish()
}
const adopt = (logs: readonly Log[], segment: Segment | undefined) => {
  for (const log of logs) {
    log.tail = []
    log.runs = []
  }
  for (const run of segment?.runs ?? []) run.log.runs.push(run)
}

test('what was in memory reads the same from its segment, whole, from any position and in any steps', async () => {
  await fc.assert(
    fc.asyncProperty(appends, fc.nat(60), fc.integer({ min: 1, max: 5 }), async (given, from, step) => {
      const { logs, last } = logsOf(given)
      const before = [await contentsOf(logs), await contentsOf(logs, from)]
      const segment = await write(async (writer) => {
        for (const log of logs) await writeTail(log, last, writer, 0)
      })
      adopt(logs, segment)
      assert.deepEqual([await contentsOf(logs), await contentsOf(logs, from)], before)
      for (const [index, log] of logs.entries()) {
        const stepped: string[] = []
        for (let at = 0; ; ) {
          const { entries, next, atTip } = await readLog(reading, log, at, { entries: step, bytes: 100 })
          for (const { position, data } of entries)
            stepped.push(`${position}:${Buffer.from(data).toString()}`)
          at = next
          if (atTip) break
        }
        assert.deepEqual(stepped, before[0]![index])
      }
      const { runs, chunks } = await files.read(segment!.path, (handle) => readIndex(handle, segment!.path))
      assert.deepEqual(chunks, segment!.chunks)
      assert.deepEqual(
        runs,
        segment!.runs.map(({ log, last, rows }) => ({ groupId: 3, log: log.name, last, rows })),
      )
    }),
    { numRuns: 25 },
  )
})

test('a rewrite keeps all that can be read, a verdict of dropping means that nothing can', async () => {
  await fc.assert(
    fc.asyncProperty(appends, fc.array(fc.nat(60), { minLength: 4, maxLength: 4 }), async (given, floors) => {
      const { logs, last } = logsOf(given)
      const segment = await write(async (writer) => {
        for (const log of logs) await writeTail(log, last, writer, 0)
      })
      adopt(logs, segment)
      for (const [index, log] of logs.entries()) log.trimmedBefore = floors[index]!
      const before = await contentsOf(logs)
      const isEmpty = before.every((entries) => entries.length === 0)
      assert.equal(verdictOf(segment!, 0) === 'drop', isEmpty)
      const rewritten = await write((writer) => copyLive(segment!, reading, writer, 0))
      assert.equal(rewritten === undefined, isEmpty)
      adopt(logs, rewritten)
      assert.deepEqual(await contentsOf(logs), before)
    }),
    { numRuns: 25 },
  )
})
