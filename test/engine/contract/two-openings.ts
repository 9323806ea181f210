import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MovableClock } from '../../../src/clock/clock.ts'
import { number, shape } from '../../../src/engine/ports/checks.ts'
import { document } from '../../../src/engine/ports/document.ts'
import { type Engine, isEngineError, type LogStore } from '../../../src/engine/ports/engine.ts'
import { createLeases, fencedBy } from '../../../src/engine/ports/lease.ts'

/** One store that two have open, as two processes would. */
export interface TwoOpenings {
  readonly one: Engine
  readonly other: Engine
  /** Of both. */
  readonly clock: MovableClock
  close(): Promise<void>
}

const ALL = { entries: 10_000, bytes: 2 ** 30 }
const HOUR_MS = 3_600_000
const id = { group: 'g', log: 'a' }
const rejects = (promise: Promise<unknown>, code: Parameters<typeof isEngineError>[1]) =>
  assert.rejects(promise, (error) => isEngineError(error, code))
const textsOf = async (logs: LogStore) =>
  (await logs.read(id, 0, ALL)).entries.map(({ data }) => Buffer.from(data).toString())

const counter = document<{ readonly n: number }>({
  keys: 'counter',
  version: 1,
  check: shape<{ readonly n: number }>({ n: number }),
})
const increment = ({ metadata }: Engine, key = 'counter') =>
  counter.update(metadata, key, (current) => ({ value: { n: (current?.n ?? 0) + 1 }, result: undefined }))

/** What every engine promises to several who have its store open; those that one process has alone say why they do not. */
export function twoOpeningsContract(open: () => Promise<TwoOpenings>): void {
  const withTwo = async (work: (two: TwoOpenings) => Promise<void>) => {
    const two = await open()
    try {
      await two.one.logs.ensureGroup('g', { retentionMs: 24 * HOUR_MS })
      await work(two)
    } finally {
      await two.close()
    }
  }

  describe('two openings of one store', () => {
    test('what both append is one log to both, each append in one piece', () =>
      withTwo(async ({ one, other }) => {
        const appends = Array.from({ length: 40 }, (_, n) =>
          (n % 2 ? one : other).logs.append(id, [Buffer.from(`${n} a`), Buffer.from(`${n} b`)]),
        )
        const firsts = (await Promise.all(appends)).map(({ first }) => first)
        assert.equal(new Set(firsts).size, 40)
        const { entries } = await one.logs.read(id, 0, ALL)
        assert.deepEqual((await other.logs.read(id, 0, ALL)).entries, entries)
        const byPosition = new Map(
          entries.map(({ position, data }) => [position, Buffer.from(data).toString()]),
        )
        assert.equal(byPosition.size, 80)
        for (const [n, first] of firsts.entries())
          assert.deepEqual([byPosition.get(first), byPosition.get(first + 1)], [`${n} a`, `${n} b`])
      }))

    test('an append that was answered lies before one that the other makes then', () =>
      withTwo(async ({ one, other }) => {
        for (let n = 0; n < 20; n++) await (n % 3 ? one : other).logs.append(id, [Buffer.from(`${n}`)])
        const wanted = Array.from({ length: 20 }, (_, n) => `${n}`)
        assert.deepEqual(await textsOf(one.logs), wanted)
        assert.deepEqual(await textsOf(other.logs), wanted)
      }))

    test('who waits is woken by what the other appends, and by its seal', () =>
      withTwo(async ({ one, other }) => {
        const waiting = new AbortController()
        const woken = other.logs.wait(id, 0, waiting.signal)
        const { first } = await one.logs.append(id, [Buffer.from('x')])
        await woken
        const behind = other.logs.wait(id, first + 1, waiting.signal)
        await one.logs.seal(id)
        await behind
        assert.equal((await other.logs.read(id, 0, ALL)).sealed, true)
      }))

    test('a log that one has sealed is sealed for the other, at the same place', () =>
      withTwo(async ({ one, other }) => {
        await one.logs.append(id, [Buffer.from('x')])
        const [sealed, again] = await Promise.all([one.logs.seal(id), other.logs.seal(id)])
        assert.equal(sealed, again)
        await rejects(other.logs.append(id, [Buffer.from('y')]), 'LogSealed')
        await rejects(one.logs.append(id, [Buffer.from('y')]), 'LogSealed')
        assert.deepEqual(await textsOf(other.logs), ['x'])
      }))

    test('a group that one drops is gone for the other, and the next of its name begins empty', () =>
      withTwo(async ({ one, other }) => {
        await other.logs.append(id, [Buffer.from('x')])
        await one.logs.dropGroup('g')
        await rejects(other.logs.append(id, [Buffer.from('y')]), 'NoSuchGroup')
        await other.logs.ensureGroup('g', { retentionMs: HOUR_MS })
        assert.deepEqual(await textsOf(one.logs), [])
      }))

    test('what was committed is seen behind a barrier by the other, and at once by who committed it', () =>
      withTwo(async ({ one, other }) => {
        for (let n = 0; n < 20; n++) {
          const [writer, reader] = n % 2 ? [one, other] : [other, one]
          const revision = await writer.metadata.commit([{ put: 'k', value: n }])
          assert.deepEqual(await writer.metadata.get('k'), { key: 'k', value: n, revision })
          await reader.metadata.barrier()
          assert.deepEqual(await reader.metadata.get('k'), { key: 'k', value: n, revision })
        }
        await one.metadata.commit([{ delete: 'k' }])
        await other.metadata.barrier()
        assert.equal(await other.metadata.get('k'), undefined)
      }))

    test('of changes that both make at once none is lost', () =>
      withTwo(async ({ one, other }) => {
        await Promise.all(Array.from({ length: 400 }, (_, n) => increment(n % 2 ? one : other)))
        await one.metadata.barrier()
        assert.equal((await counter.get(one.metadata, 'counter'))?.value.n, 400)
      }))

    test('an expectation of before the other changed it is not met, and is met once it was refused', () =>
      withTwo(async ({ one, other }) => {
        const before = await one.metadata.commit([{ put: 'k', value: 1 }])
        const after = await other.metadata.commit([{ put: 'k', value: 2 }])
        assert.ok(after > before)
        await rejects(one.metadata.commit([{ put: 'k', value: 3, expect: before }]), 'Conflict')
        // No barrier: who was refused sees why.
        assert.equal((await one.metadata.get('k'))?.revision, after)
        await rejects(one.metadata.commit([{ put: 'k', value: 3, expect: 'absent' }]), 'Conflict')
        await one.metadata.commit([{ put: 'k', value: 3, expect: after }])
      }))

    test('a list shows all of a commit of the other or nothing of it', () =>
      withTwo(async ({ one, other }) => {
        const keys = Array.from({ length: 10 }, (_, n) => `twin/${n}`)
        let isOver = false
        const writing = (async () => {
          for (let n = 0; n < 50; n++) await one.metadata.commit(keys.map((put) => ({ put, value: n })))
          isOver = true
        })()
        let looks = 0
        while (!isOver || looks === 0) {
          const found = await other.metadata.list({ prefix: 'twin/' })
          assert.ok(new Set(found.map(({ value }) => value)).size <= 1)
          assert.ok(new Set(found.map(({ revision }) => revision)).size <= 1)
          looks++
          await new Promise(setImmediate)
        }
        await writing
      }))

    test('a watcher hears what the other commits, and sees it then', () =>
      withTwo(async ({ one, other }) => {
        const over = new AbortController()
        const heard = new Promise<string>((resolve) => other.metadata.watch('w/', resolve, over.signal))
        await one.metadata.commit([
          { put: 'v/x', value: 1 },
          { put: 'w/x', value: 1 },
        ])
        assert.equal(await heard, 'w/x')
        assert.equal((await other.metadata.get('w/x'))?.value, 1)
        over.abort()
      }))

    test('a lease is had by one, passes to the other when its time is over, and its fence with it', () =>
      withTwo(async ({ one, other, clock }) => {
        const leasesOf = ({ metadata }: Engine, owner: string) =>
          createLeases({ metadata, owner, now: clock.now, timeToLiveMs: 1_000 })
        const [mine, theirs] = [leasesOf(one, 'one'), leasesOf(other, 'other')]
        const held = (await mine.acquire('work'))!
        assert.ok(held)
        await other.metadata.barrier()
        assert.equal(await theirs.acquire('work'), undefined)
        await clock.advance(1_000)
        const taken = (await theirs.acquire('work'))!
        assert.ok(taken.token > held.token)
        await rejects(one.metadata.commit([{ put: 'checkpoint', value: 1 }, fencedBy(held)]), 'Conflict')
        assert.equal(await mine.renew(held), undefined)
        await other.metadata.commit([{ put: 'checkpoint', value: 2 }, fencedBy(taken)])
      }))

    test('a blob that one has written the other reads, and does not sweep', () =>
      withTwo(async ({ one, other }) => {
        const writer = await one.blobs.create()
        await writer.write(Buffer.from('bytes'))
        const { id: blob, ...contents } = await writer.finish()
        const pieces: Buffer[] = []
        for await (const piece of await other.blobs.read(blob, { start: 0, end: 5 }, contents))
          pieces.push(Buffer.from(piece))
        assert.equal(Buffer.concat(pieces).toString(), 'bytes')
        for (const { blobs } of [one, other])
          for await (const orphan of blobs.list()) assert.fail(`${orphan} may still be wanted`)
        await other.blobs.delete(blob)
        await rejects(one.blobs.verify(blob, contents), 'NoSuchBlob')
      }))

    test('when one closes, it lets go who waits and refuses, and the other goes on', () =>
      withTwo(async ({ one, other }) => {
        const waiting = one.logs.wait(id, 0, new AbortController().signal)
        await one.close()
        await waiting
        await rejects(one.metadata.get('k'), 'Closed')
        await rejects(one.metadata.barrier(), 'Closed')
        await other.logs.append(id, [Buffer.from('x')])
        await other.metadata.commit([{ put: 'k', value: 1 }])
        assert.deepEqual(await textsOf(other.logs), ['x'])
      }))
  })
}
