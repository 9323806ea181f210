import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inBackground } from '../../src/engine/ports/background.ts'
import { EngineError } from '../../src/engine/ports/engine.ts'
import { createProblems } from '../../src/metrics/problems.ts'

/** Work that fails as long as `failures` has something, and whose retries wait for `retry`. */
function failingWork() {
  const lines: string[] = []
  const line = (what: string) => void lines.push(what)
  const problems = createProblems({ now: () => 0, warn: line, info: line })
  const failures: unknown[] = []
  const waits: number[] = []
  let task: (() => void) | undefined
  let runs = 0
  const background = inBackground(problems, {
    where: 'the collector',
    meanwhile: 'garbage stays',
    async work() {
      runs++
      await undefined
      const failure = failures.shift()
      if (failure !== undefined) throw failure
    },
    later(waitMs, next) {
      waits.push(waitMs)
      task = next
      return () => {
        task = undefined
      }
    },
  })
  return {
    ...{ ...background, problems, lines, failures, waits },
    runs: () => runs,
    hasRetry: () => task !== undefined,
    retry: async () => {
      task?.()
      await background.run()
    },
  }
}

test('work that fails is said once, counted each time, tried later and later, and said to work again', async () => {
  const { run, retry, failures, waits, lines, problems, hasRetry } = failingWork()
  failures.push(...Array.from({ length: 11 }, () => new Error('no')))
  await run()
  assert.deepEqual(waits, [1_000])
  while (failures.length > 0) await retry()
  assert.deepEqual(waits.slice(0, 4), [1_000, 2_000, 4_000, 8_000])
  assert.equal(Math.max(...waits), 300_000)
  await retry()
  assert.deepEqual(lines, [
    'garbage stays: no; it is tried again',
    'solved: garbage stays: no; it is tried again',
  ])
  assert.deepEqual([...problems.reports()], [['BackgroundFailed', 11]])
  assert.deepEqual(problems.list(), [])
  assert.equal(hasRetry(), false)
})

test('what is asked for while it runs is done once behind it, for all who ask', async () => {
  const { run, runs } = failingWork()
  await Promise.all([run(), run(), run(), run()])
  assert.equal(runs(), 2)
  await run()
  assert.equal(runs(), 3)
})

test('a closed engine ends it without a word; on a full disk it is tried again, and only the engine says that it is full', async () => {
  const { run, failures, lines, waits } = failingWork()
  failures.push(new EngineError('Closed', 'closed'), new EngineError('StorageFull', '17 MiB free'))
  await run()
  assert.deepEqual([lines, waits], [[], []])
  const errno = Object.assign(new Error('write'), { code: 'ENOSPC' })
  failures.push(errno, new Error('no'), new EngineError('StorageFull', '16 MiB free'))
  await run()
  await run()
  assert.deepEqual([lines, waits], [[], [1_000, 2_000]])
  await run()
  assert.deepEqual(lines, ['garbage stays: no; it is tried again'])
  await run()
  assert.equal(lines.length, 1)
  await run()
  assert.deepEqual(lines.slice(1), ['solved: garbage stays: no; it is tried again'])
})

test('closing waits for what is under way, and nothing is begun any more', async () => {
  const { run, close, runs, failures, hasRetry } = failingWork()
  failures.push(new Error('no'))
  await run()
  assert.equal(hasRetry(), true)
  const last = run()
  await close()
  await last
  assert.deepEqual([runs(), hasRetry()], [2, false])
  await run()
  assert.equal(runs(), 2)
})
