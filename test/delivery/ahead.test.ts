import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { createAhead } from '../../src/delivery/line/ahead.ts'
import { countsDocument } from '../../src/delivery/line/counts.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { LogEntry, LogId, LogStore, Position } from '../../src/engine/ports/engine.ts'
import { encodeRecord, NO_HASH_KEY } from '../../src/engine/ports/record.ts'

const MIB = 2 ** 20
const data = encodeRecord({
  ...{ arrivalTime: 0, hashKey: NO_HASH_KEY, partitionKey: '', data: new Uint8Array(MIB) },
})

/** Logs of records of 1 MiB, all of them the same bytes; those before `first` are gone. */
function logsOf(lengths: Readonly<Record<string, number>>) {
  const read: Record<string, number> = {}
  const first: Record<string, number> = {}
  const logs: Pick<LogStore, 'read' | 'wait'> = {
    async read({ log }: LogId, from: Position) {
      const at = Math.max(from, first[log] ?? 0)
      const length = lengths[log]!
      const entries: LogEntry[] = at < length ? [{ position: at, data }] : []
      read[log] = (read[log] ?? 0) + entries.length
      const next = at + entries.length
      const slice = { entries, next, atTip: next >= length, sealed: false }
      return at > from ? { ...slice, skipped: true } : slice
    },
    wait: () => new Promise(() => undefined),
  }
  return { logs: logs as LogStore, read, first }
}

function counting(lengths: Readonly<Record<string, number>>) {
  const { logs, read, first } = logsOf(lengths)
  const clock = createClock({ mode: 'manual', startAt: 0, onError: assert.ifError })
  const { metadata } = createMemoryEngine({ clock })
  const group = 'kinesis/clicks'
  const positions = Object.keys(lengths).map((log) => ({ group, log, shardId: log, next: 0 }))
  const source = { group, shards: positions.map(({ shardId }) => ({ shardId, log: shardId, parents: [] })) }
  const open = () =>
    createAhead({
      ...{ logs, metadata, id: 'job', positions, now: clock.now, streamArn: 'arn' },
      streams: { describe: async () => source } as never,
      signal: new AbortController().signal,
    })
  return { open, read, first, metadata, group }
}

test('what waits is counted by 64 MiB in each turn, until all of it is', async () => {
  const { open, read, metadata } = counting({ a: 200 })
  const ahead = open()
  const turns: number[] = []
  do {
    await ahead.look()
    turns.push(ahead.waiting()?.records ?? 0)
  } while (ahead.hasMore())
  assert.deepEqual(turns, [64, 128, 192, 200])
  assert.equal(read.a, 200)
  const [kept] = await countsDocument.list(metadata, { prefix: countsDocument.keys })
  assert.ok(kept?.value.pieces.every(({ bytes }) => bytes <= 64 * MIB))
  await ahead.look()
  assert.deepEqual([ahead.waiting(), ahead.hasMore()], [{ records: 200, bytes: 200 * MIB }, false])
})

test('what is gone where counting had not come is found all the same, and is not taken for counted', async () => {
  const { open, first, group } = counting({ a: 300, b: 300 })
  const ahead = open()
  await ahead.look()
  first.a = 100
  first.b = 10
  const gapOf = async (log: string, to: number) => {
    const { gone, isWhole } = await ahead.gapOf({ group, log, from: 0, to }, [])
    return [gone?.records, isWhole]
  }
  assert.deepEqual(await gapOf('b', 10), [10, true])
  assert.deepEqual(await gapOf('a', 100), [32, false])
})
