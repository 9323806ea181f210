import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Commit, createCommitQueue } from '../../src/engine/embedded/log/commit-queue.ts'
import { createLog } from '../../src/engine/embedded/log/log-state.ts'
import { EngineError, type EngineErrorCode, isEngineError } from '../../src/engine/ports/engine.ts'

const MiB = 2 ** 20
const log = createLog({ id: 1, name: 'g', options: { retentionMs: 1 }, dropped: false, logs: new Map() }, 'a')
const commitOf = (first: number, bytes = 100): Commit => ({
  log,
  bytes,
  block: { groupId: 1, log: 'a', kind: 'entries', first, entries: [] },
})
const hasCode = (code: EngineErrorCode) => (error: unknown) => isEngineError(error, code)

/** A queue whose writes end when the test says so. */
function queueByHand(admit: () => Promise<EngineError | undefined> = async () => undefined) {
  const writes: { firsts: number[]; bytes: number; end: (error?: Error) => void }[] = []
  let begun = () => {}
  const queue = createCommitQueue({
    admit,
    write: (group) =>
      new Promise((resolve, reject) => {
        writes.push({
          firsts: group.map(({ block }) => block.first),
          bytes: group.reduce((sum, { bytes }) => sum + bytes, 0),
          end: (error) => (error ? reject(error) : resolve()),
        })
        begun()
      }),
  })
  return {
    queue,
    writes,
    /** Resolves when so many writes have begun. */
    async until(count: number) {
      while (writes.length < count)
        await new Promise<void>((resolve) => {
          begun = resolve
        })
      return writes[count - 1]!
    },
  }
}

test('what comes while one group is written makes the next, and nothing is acknowledged before its own is', async () => {
  const { queue, until } = queueByHand()
  const acknowledged: number[] = []
  const push = (first: number) => queue.push(commitOf(first)).then(() => acknowledged.push(first))
  const pushed = [push(1), push(2)]
  const one = await until(1)
  pushed.push(push(3), push(4), push(5))
  assert.deepEqual([one.firsts, acknowledged], [[1, 2], []])
  one.end()
  const two = await until(2)
  assert.deepEqual(
    [two.firsts, acknowledged],
    [
      [3, 4, 5],
      [1, 2],
    ],
  )
  two.end()
  await Promise.all(pushed)
  assert.deepEqual(acknowledged, [1, 2, 3, 4, 5])
})

test('a group has 8 MiB at most, unless one append is larger', async () => {
  const { queue, writes, until } = queueByHand()
  const sizes = [5, 3, 1, 12, 4, 4, 1].map((size) => size * MiB)
  const pushed = sizes.map((size, index) => queue.push(commitOf(index, size)))
  for (let count = 1; count <= 5; count++) (await until(count)).end()
  await Promise.all(pushed)
  assert.deepEqual(
    writes.map(({ firsts }) => firsts),
    [[0, 1], [2], [3], [4, 5], [6]],
  )
})

test('more than the queue holds is refused at once, and taken again when there is room', async () => {
  const { queue, until } = queueByHand()
  const pushed = Array.from({ length: 8 }, (_, index) => queue.push(commitOf(index, 8 * MiB)))
  await assert.rejects(queue.push(commitOf(8)), hasCode('Overloaded'))
  ;(await until(1)).end()
  await pushed[0]
  await until(2)
  pushed.push(queue.push(commitOf(9)))
  for (let count = 2; count <= 9; count++) (await until(count)).end()
  await Promise.all(pushed)
})

test('a write that fails stops the queue for good: nothing of its group or after it is acknowledged or written', async () => {
  const { queue, writes, until } = queueByHand()
  const failing = [queue.push(commitOf(1)), queue.push(commitOf(2))]
  const one = await until(1)
  const waiting = queue.push(commitOf(3))
  one.end(new Error('EIO: i/o error, fdatasync'))
  for (const promise of [...failing, waiting]) await assert.rejects(promise, hasCode('StorageFull'))
  await assert.rejects(queue.push(commitOf(4)), /EIO.*/)
  await queue.drain()
  assert.equal(writes.length, 1)
  assert.ok(queue.failure())
})

test('a group that is not admitted is refused and not written, and the next has another chance', async () => {
  const full = new EngineError('StorageFull', 'full')
  const answers = [full, undefined]
  const { queue, until, writes } = queueByHand(async () => answers.shift())
  await assert.rejects(queue.push(commitOf(1)), hasCode('StorageFull'))
  const pushed = queue.push(commitOf(2))
  ;(await until(1)).end()
  await pushed
  assert.deepEqual(writes[0]?.firsts, [2])
  assert.equal(queue.failure(), undefined)
})

test('a seal is written although what came with it is refused', async () => {
  const { queue, until } = queueByHand(async () => new EngineError('StorageFull', 'no room'))
  const append = queue.push(commitOf(1))
  const refused = assert.rejects(append, hasCode('StorageFull'))
  const { block, ...sealing } = commitOf(2, 0)
  const sealed = queue.push({ ...sealing, block: { ...block, kind: 'seal' } })
  const only = await until(1)
  assert.deepEqual(only.firsts, [2])
  only.end()
  await Promise.all([refused, sealed])
})
