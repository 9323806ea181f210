import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { watchFilling } from '../../src/insight/space/fill.ts'
import { createProblems } from '../../src/metrics/problems.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

test('after a clock was moved by centuries in a few samples, the room is looked at every five minutes as before', async (t) => {
  const onError = (error: unknown) => assert.fail(String(error))
  const clock = createClock({ mode: 'manual', onError })
  t.after(() => clock.close())
  let looks = 0
  const space = async () => {
    looks++
    const parts = { log: 0, metadata: 0, blobs: 0 }
    return { parts, usedBytes: 0, freeBytes: 1, roomBytes: 1 }
  }
  const problems = createProblems({ now: clock.now, warn: () => undefined, info: () => undefined })
  const filling = watchFilling({
    ...{ engine: { space }, clock, problems, onError },
    alsoThen: async () => undefined,
  })
  await clock.advance(100_000 * DAY_MS)
  assert.ok(looks < 50, `${looks} looks`)
  const before = looks
  await clock.advance(15 * MINUTE_MS)
  assert.ok(looks >= before + 3, `${looks - before} looks in fifteen minutes`)
  await filling.close()
})
