import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Engine, isEngineError, type LogStore } from '../../../src/engine/ports/engine.ts'
import { compareWithLists } from './log-model.ts'
import type { Subject } from './subject.ts'

const ALL = { entries: 1000, bytes: 2 ** 30 }
const HOUR_MS = 3_600_000
const bytes = (text: string) => Buffer.from(text)
const rejects = (promise: Promise<unknown>, code: Parameters<typeof isEngineError>[1]) =>
  assert.rejects(promise, (error) => isEngineError(error, code))
const textsOf = async (logs: LogStore, log: string, from = 0, group = 'g') =>
  (await logs.read({ group, log }, from, ALL)).entries.map(({ data }) => Buffer.from(data).toString())

/** What every engine's logs promise. */
export function logStoreContract(open: () => Promise<Subject>): void {
  const withLogs = async (work: (logs: LogStore, subject: Subject & { engine: Engine }) => Promise<void>) => {
    const subject = await open()
    try {
      await subject.engine.logs.ensureGroup('g', { retentionMs: 24 * HOUR_MS })
      await work(subject.engine.logs, subject)
    } finally {
      await subject.close()
    }
  }
  const id = { group: 'g', log: 'a' }

  describe('logs', () => {
    test('an append is read back in order, at contiguous positions that rise from append to append', () =>
      withLogs(async (logs) => {
        const { first } = await logs.append(id, [bytes('one'), bytes('two')])
        const { first: later } = await logs.append(id, [bytes('three')])
        assert.ok(later > first + 1)
        const { entries, next, sealed, atTip } = await logs.read(id, 0, ALL)
        assert.deepEqual(
          entries.map(({ position, data }) => [position, Buffer.from(data).toString()]),
          [
            [first, 'one'],
            [first + 1, 'two'],
            [later, 'three'],
          ],
        )
        assert.deepEqual({ next, sealed, atTip }, { next: later + 1, sealed: false, atTip: true })
      }))

    test('an append of nothing succeeds and leaves nothing', () =>
      withLogs(async (logs) => {
        await logs.append(id, [])
        assert.deepEqual(await textsOf(logs, 'a'), [])
      }))

    test('the bytes of a group are those that can be read: trimmed, aged and dropped ones are none', () =>
      withLogs(async (logs, { clock }) => {
        assert.equal(logs.bytesOf('g'), 0)
        await logs.append(id, [bytes('aaaa'), bytes('bb')])
        const { first } = await logs.append({ group: 'g', log: 'b' }, [bytes('c')])
        assert.ok(logs.bytesOf('g') >= 7)
        await logs.trim(id, first)
        assert.equal(logs.bytesOf('g'), 1)
        await clock.advance(25 * HOUR_MS)
        assert.equal(logs.bytesOf('g'), 0)
        await logs.append(id, [bytes('dd')])
        await logs.dropGroup('g')
        assert.equal(logs.bytesOf('g'), 0)
        assert.equal(logs.bytesOf('never'), 0)
      }))

    test('an entry may be empty', () =>
      withLogs(async (logs) => {
        await logs.append(id, [bytes(''), bytes('x'), bytes('')])
        assert.deepEqual(await textsOf(logs, 'a'), ['', 'x', ''])
      }))

    test('what was appended does not change when the caller reuses its buffer', () =>
      withLogs(async (logs) => {
        const buffer = bytes('before')
        await logs.append(id, [buffer])
        buffer.fill('x')
        assert.deepEqual(await textsOf(logs, 'a'), ['before'])
      }))

    test('a read stops at each limit, but gives at least one entry, and goes on from next', () =>
      withLogs(async (logs) => {
        await logs.append(id, ['aaaa', 'bbbb', 'cccc'].map(bytes))
        const one = await logs.read(id, 0, { entries: 10, bytes: 1 })
        assert.equal(one.entries.length, 1)
        assert.equal(one.atTip, false)
        const two = await logs.read(id, one.next, { entries: 10, bytes: 8 })
        assert.equal(two.entries.length, 2)
        assert.equal(two.atTip, true)
        assert.equal((await logs.read(id, 0, { entries: 2, bytes: 100 })).entries.length, 2)
      }))

    test('a log nobody wrote to is empty and at its tip', () =>
      withLogs(async (logs) => {
        const { entries, next, sealed, atTip } = await logs.read({ group: 'g', log: 'unknown' }, 5, ALL)
        assert.deepEqual(entries, [])
        assert.ok(next >= 5)
        assert.deepEqual([sealed, atTip], [false, true])
      }))

    test('logs with the same name in different groups have nothing in common', () =>
      withLogs(async (logs) => {
        await logs.ensureGroup('h', { retentionMs: HOUR_MS })
        await logs.append(id, [bytes('g')])
        await logs.append({ group: 'h', log: 'a' }, [bytes('h')])
        assert.deepEqual(await textsOf(logs, 'a'), ['g'])
        assert.deepEqual(await textsOf(logs, 'a', 0, 'h'), ['h'])
      }))

    test('a group that does not exist is refused everywhere', () =>
      withLogs(async (logs) => {
        const nobody = { group: 'nobody', log: 'a' }
        await rejects(logs.append(nobody, [bytes('x')]), 'NoSuchGroup')
        await rejects(logs.read(nobody, 0, ALL), 'NoSuchGroup')
        await rejects(logs.seek(nobody, 'oldest'), 'NoSuchGroup')
        await rejects(logs.seal(nobody), 'NoSuchGroup')
        await rejects(logs.wait(nobody, 0, AbortSignal.abort()), 'NoSuchGroup')
      }))

    test('an entry or an append over the limits is refused, one at the limit is not', () =>
      withLogs(async (logs) => {
        const { entryBytes, appendBytes } = logs.limits
        await rejects(logs.append(id, [Buffer.alloc(entryBytes + 1)]), 'TooLarge')
        await logs.append(id, [Buffer.alloc(entryBytes, 1)])
        const half = Buffer.alloc(appendBytes / 2)
        await rejects(logs.append(id, [half, half, bytes('x')]), 'TooLarge')
        await logs.append(id, [half, half])
        const { entries } = await logs.read(id, 0, { entries: 10, bytes: 1 })
        assert.equal(entries[0]?.data.length, entryBytes)
        assert.equal((await logs.read(id, 0, ALL)).entries.length, 3)
      }))

    test('after a seal nothing is appended, and a reader learns of it once it has read everything', () =>
      withLogs(async (logs) => {
        await logs.append(id, [bytes('one'), bytes('two')])
        const sealedAt = await logs.seal(id)
        assert.equal(await logs.seal(id), sealedAt)
        await rejects(logs.append(id, [bytes('three')]), 'LogSealed')
        const first = await logs.read(id, 0, { entries: 1, bytes: 100 })
        assert.equal(first.sealed, false)
        const rest = await logs.read(id, first.next, ALL)
        assert.deepEqual([rest.entries.length, rest.sealed, rest.atTip], [1, true, true])
        assert.ok(rest.next > sealedAt)
        assert.ok(rest.entries[0]!.position < sealedAt)
        assert.equal((await logs.read(id, rest.next, ALL)).sealed, true)
      }))

    test('an append that is under way when the log is sealed lies before the seal', () =>
      withLogs(async (logs) => {
        const appending = logs.append(id, [bytes('x')])
        const sealing = logs.seal(id)
        await rejects(logs.append(id, [bytes('y')]), 'LogSealed')
        assert.ok((await appending).first < (await sealing))
        assert.deepEqual(await textsOf(logs, 'a'), ['x'])
      }))

    test('entries older than the retention are not read, and a seal outlives them', () =>
      withLogs(async (logs, { clock }) => {
        await logs.append(id, [bytes('old')])
        await clock.advance(HOUR_MS)
        await logs.append(id, [bytes('new')])
        await clock.advance(23.5 * HOUR_MS)
        assert.deepEqual(await textsOf(logs, 'a'), ['new'])
        await logs.seal(id)
        await clock.advance(48 * HOUR_MS)
        assert.deepEqual(await textsOf(logs, 'a'), [])
        assert.equal((await logs.read(id, 0, ALL)).sealed, true)
        await rejects(logs.append(id, [bytes('x')]), 'LogSealed')
      }))

    test('a reader learns that entries it has not read are gone, and not that others are', () =>
      withLogs(async (logs, { clock }) => {
        const { first } = await logs.append(id, [bytes('old')])
        await clock.advance(HOUR_MS)
        await logs.append(id, [bytes('new')])
        const isSkipped = async (from: number) => (await logs.read(id, from, ALL)).skipped ?? false
        assert.equal(await isSkipped(0), false)
        await clock.advance(23.5 * HOUR_MS)
        assert.deepEqual(
          [await isSkipped(0), await isSkipped(first), await isSkipped(first + 1)],
          [true, true, false],
        )
        await clock.advance(HOUR_MS)
        assert.deepEqual(
          [await isSkipped(first + 1), await isSkipped(await logs.seek(id, 'newest'))],
          [true, false],
        )
      }))

    test('the retention can be made shorter and, for what is still there, longer', () =>
      withLogs(async (logs, { clock }) => {
        await logs.append(id, [bytes('x')])
        await clock.advance(2 * HOUR_MS)
        await logs.ensureGroup('g', { retentionMs: 3 * HOUR_MS })
        assert.deepEqual(await textsOf(logs, 'a'), ['x'])
        await logs.ensureGroup('g', { retentionMs: HOUR_MS })
        assert.deepEqual(await textsOf(logs, 'a'), [])
      }))

    test('what is gone does not come back when the retention is made longer, and what is not goes on', () =>
      withLogs(async (logs, { clock }) => {
        await logs.ensureGroup('g', { retentionMs: HOUR_MS })
        await logs.append(id, [bytes('old')])
        await clock.advance(HOUR_MS / 2)
        await logs.append(id, [bytes('new')])
        await clock.advance(HOUR_MS * 0.75)
        const readableFrom = clock.now() - HOUR_MS
        await logs.ensureGroup('g', { retentionMs: 24 * HOUR_MS, readableFrom })
        assert.deepEqual(await textsOf(logs, 'a'), ['new'])
        assert.deepEqual(await textsOf(logs, 'a', await logs.seek(id, { time: 0 })), ['new'])
        await clock.advance(23 * HOUR_MS)
        assert.deepEqual(await textsOf(logs, 'a'), ['new'])
      }))

    test('what was trimmed is not read', () =>
      withLogs(async (logs) => {
        const { first } = await logs.append(id, ['a', 'b', 'c'].map(bytes))
        await logs.trim(id, first + 2)
        await logs.trim(id, first + 1)
        assert.deepEqual(await textsOf(logs, 'a'), ['c'])
        assert.equal(await logs.seek(id, 'oldest'), first + 2)
      }))

    test('a dropped group is gone, and one that takes its name begins empty', () =>
      withLogs(async (logs) => {
        await logs.append(id, [bytes('x')])
        await logs.seal(id)
        await logs.dropGroup('g')
        await logs.dropGroup('g')
        await rejects(logs.read(id, 0, ALL), 'NoSuchGroup')
        await logs.ensureGroup('g', { retentionMs: HOUR_MS })
        assert.deepEqual(await textsOf(logs, 'a'), [])
        await logs.append(id, [bytes('y')])
        assert.deepEqual(await textsOf(logs, 'a'), ['y'])
      }))

    test('seek finds the oldest, the newest, and the first at or after a time', () =>
      withLogs(async (logs, { clock }) => {
        await logs.append(id, [bytes('one')])
        await clock.advance(1000)
        const time = clock.now()
        await logs.append(id, [bytes('two')])
        await clock.advance(1000)
        await logs.append(id, [bytes('three')])
        const from = async (at: Parameters<LogStore['seek']>[1]) =>
          textsOf(logs, 'a', await logs.seek(id, at))
        assert.deepEqual(await from('oldest'), ['one', 'two', 'three'])
        assert.deepEqual(await from({ time }), ['two', 'three'])
        assert.deepEqual(await from({ time: time + 1 }), ['three'])
        assert.deepEqual(await from({ time: 0 }), ['one', 'two', 'three'])
        const newest = await logs.seek(id, 'newest')
        assert.deepEqual(await textsOf(logs, 'a', newest), [])
        await logs.append(id, [bytes('four')])
        assert.deepEqual(await textsOf(logs, 'a', newest), ['four'])
      }))

    test('wait resolves for what is there, for what comes, for a seal, and when it is aborted', () =>
      withLogs(async (logs) => {
        const { signal } = new AbortController()
        const { first } = await logs.append(id, [bytes('x')])
        await logs.wait(id, first, signal)
        const coming = logs.wait(id, first + 1, signal)
        await logs.append(id, [bytes('y')])
        await coming
        const aborting = new AbortController()
        const aborted = logs.wait({ group: 'g', log: 'b' }, 0, aborting.signal)
        aborting.abort()
        await aborted
        const closing = logs.wait({ group: 'g', log: 'b' }, 0, signal)
        await logs.seal({ group: 'g', log: 'b' })
        await closing
      }))

    test('whoever waits when the engine closes is let go', () =>
      withLogs(async (logs, { engine }) => {
        const waiting = logs.wait(id, 0, new AbortController().signal)
        await engine.close()
        await waiting
        await rejects(logs.append(id, [bytes('x')]), 'Closed')
      }))

    test('any interleaving of appends, trims, seals and reads behaves as a list would', () =>
      withLogs((logs, { clock }) => compareWithLists(logs, clock)))
  })
}
