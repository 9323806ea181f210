import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClock } from '../../src/clock/clock.ts'
import { lendClock } from '../../src/clock/lent-clock.ts'

const fail = (error: unknown) => assert.fail(String(error))
const manual = (startAt = 1_000) => createClock({ mode: 'manual', startAt, onError: fail })

test('a manual clock stands still until it is moved', async () => {
  const clock = manual()
  assert.equal(clock.now(), 1_000)
  assert.equal(await clock.advance(250), 1_250)
  assert.equal(clock.now(), 1_250)
})

test('moving the clock runs timers in the order of their times, each at its own time, and awaits them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 }), async (delays) => {
      const clock = manual()
      const ran: [number, number][] = []
      for (const delay of delays)
        clock.at(1_000 + delay, async () => {
          const startedAt = clock.now()
          await Promise.resolve()
          ran.push([delay, startedAt - 1_000])
        })
      await clock.advance(500)
      const sorted = delays.toSorted((a, b) => a - b)
      assert.deepEqual(
        ran.map(([delay]) => delay),
        sorted,
      )
      assert.ok(ran.every(([delay, at]) => delay === at))
    }),
  )
})

test('a timer set by a timer runs in the same move when it comes due within it', async () => {
  const clock = manual()
  const ran: number[] = []
  const tick = () => {
    ran.push(clock.now())
    clock.at(clock.now() + 100, tick)
  }
  clock.at(1_100, tick)
  await clock.advance(350)
  assert.deepEqual(ran, [1_100, 1_200, 1_300])
})

test('what settles is awaited before time passes, so that its timers are not missed', async () => {
  const clock = manual()
  const ran: number[] = []
  let isTakenIn = false
  clock.onMove(async () => {
    await new Promise(setImmediate)
    if (isTakenIn) return
    isTakenIn = true
    clock.at(1_300, () => void ran.push(clock.now()))
  })
  await clock.advance(300)
  assert.deepEqual(ran, [1_300])
})

test('moves that overlap are done one after the other', async () => {
  const clock = manual()
  const [first, second] = await Promise.all([clock.advance(100), clock.advance(100)])
  assert.deepEqual([first, second], [1_100, 1_200])
})

test('the time is in whole milliseconds, whatever the clock is moved by', async () => {
  const clock = manual()
  const seen: number[] = []
  clock.at(1_000.25, () => void seen.push(clock.now()))
  assert.equal(await clock.advance(0.5), 1_001)
  assert.deepEqual(seen, [1_001])
  const real = createClock({ mode: 'real', onError: fail })
  assert.ok(Number.isInteger(await real.advance(0.5)))
  assert.ok(Number.isInteger(real.offsetMs()))
})

test('a cancelled timer does not run, and cancelling again is harmless', async () => {
  const clock = manual()
  const cancel = clock.at(1_050, () => assert.fail('it ran'))
  cancel()
  cancel()
  await clock.advance(100)
})

test('a task that throws is reported and the others still run', async () => {
  const errors: unknown[] = []
  const clock = createClock({ mode: 'manual', startAt: 0, onError: (error) => errors.push(error) })
  let hasRun = false
  clock.at(1, () => Promise.reject(new Error('broken')))
  clock.at(2, () => {
    hasRun = true
  })
  await clock.advance(5)
  assert.equal(hasRun, true)
  assert.match(String(errors[0]), /broken/)
})

test('sleep ends when the clock gets there, or with the reason of its signal', async () => {
  const clock = manual()
  const slept = clock.sleep(60_000)
  await clock.advance(60_000)
  await slept
  const aborter = new AbortController()
  const cutShort = clock.sleep(1, aborter.signal)
  aborter.abort(new Error('stopped'))
  await assert.rejects(cutShort, /stopped/)
  await assert.rejects(clock.sleep(1, aborter.signal), /stopped/)
})

test('a real clock runs with the machine, ahead of it by what it was moved', async () => {
  const clock = createClock({ mode: 'real', offsetMs: 5_000, onError: fail })
  const before = Date.now()
  assert.ok(clock.now() - before >= 5_000 && clock.now() - before < 6_000)
  let ranAt = 0
  clock.at(clock.now() + 3_600_000, () => {
    ranAt = clock.now()
    while (Date.now() < before + 5) {
      // The machine's time goes on while the clock is moved.
    }
  })
  const now = await clock.advance(7_200_000)
  assert.ok(ranAt > 0 && ranAt <= now - 3_500_000)
  assert.equal(clock.offsetMs(), 7_205_000)
  const fired = new Promise<void>((resolve) => void clock.at(clock.now() + 5, resolve))
  const keepAlive = setTimeout(() => undefined, 1_000)
  await fired
  clearTimeout(keepAlive)
  clock.close()
})

/** A machine whose time somebody sets. */
function machineOf(startAt: number) {
  const state = { now: startAt, steady: 0 }
  return {
    machine: { now: () => state.now, steady: () => state.steady },
    pass(ms: number) {
      state.now += ms
      state.steady += ms
    },
    set(by: number) {
      state.now += by
    },
  }
}
const HOUR_MS = 3_600_000

test('whatever is done to the machine, a real clock never goes back, and always goes on', () => {
  const step = fc.record({
    pass: fc.integer({ min: 20, max: 100_000 }),
    set: fc.integer({ min: -1e10, max: 1e10 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { machine, pass, set } = machineOf(1e12)
      const clock = createClock({ mode: 'real', machine, onError: fail })
      let before = clock.now()
      for (const one of steps) {
        set(one.set)
        pass(one.pass)
        const now = clock.now()
        // What the machine's time jumps by while it was not set back a clock follows.
        assert.ok(now - before >= one.pass * 0.89 - 1001, `${now - before} ms in ${one.pass}`)
        assert.ok(now >= before)
        assert.ok(now - clock.offsetMs() <= machine.now() + 1001)
        before = now
      }
    }),
  )
})

test('a machine that was set back by an hour is an hour behind, and less and less so', () => {
  const { machine, pass, set } = machineOf(1e12)
  const clock = createClock({ mode: 'real', machine, onError: fail })
  set(-HOUR_MS)
  assert.ok(Math.abs(clock.now() - 1e12) <= 1)
  assert.equal(clock.setBackMs(), HOUR_MS)
  assert.equal(clock.now() - clock.offsetMs(), machine.now())
  pass(HOUR_MS)
  assert.equal(clock.setBackMs(), 0.9 * HOUR_MS)
  pass(9 * HOUR_MS)
  assert.equal(clock.setBackMs(), 0)
  assert.equal(clock.now(), machine.now())
})

test('a machine that is set right again takes back what it was set back by', () => {
  const { machine, set } = machineOf(1e12)
  const clock = createClock({ mode: 'real', machine, onError: fail })
  set(-HOUR_MS)
  clock.now()
  set(HOUR_MS)
  assert.ok(clock.now() - 1e12 <= 1)
  assert.equal(clock.setBackMs(), 0)
})

test('a clock that has been later goes on from there, and a timer waits for no more than its time', () => {
  const { machine, pass } = machineOf(1e12)
  const clock = createClock({ mode: 'real', machine, onError: fail })
  clock.notBefore(2e12)
  assert.equal(clock.now(), 2e12)
  pass(300_000)
  assert.equal(clock.now(), 2e12 + 270_000)
})

test('looks that set one another cost no more for a longer move, and the last one is at its end', async () => {
  const clock = manual(0)
  const looks: number[] = []
  const look = () => {
    looks.push(clock.now())
    clock.lookAt(clock.now() + 1_000, look)
  }
  clock.lookAt(1_000, look)
  await clock.advance(1e12)
  assert.deepEqual(looks, [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 1e12])
  looks.length = 0
  await clock.advance(2_500)
  assert.deepEqual(looks, [1e12 + 1_000, 1e12 + 2_000])
})

test('a look that becomes due is done when it is due', async () => {
  const clock = manual(0)
  const done: number[] = []
  const look = () => {
    done.push(clock.now())
    if (clock.now() < 50_500) clock.lookAt(clock.now() + 1_000, look, 50_500)
  }
  clock.lookAt(1_000, look, 50_500)
  await clock.advance(1e9)
  assert.deepEqual(done.slice(-2), [6_000, 50_500])
})

test('a long move lets others have their turn, says where it is, and ends where it is told to stop', async () => {
  const clock = manual(0)
  const busy = () => {
    const until = performance.now() + 1
    while (performance.now() < until) {
      // Something takes a while.
    }
    clock.at(clock.now() + 1, busy)
  }
  clock.at(1, busy)
  const stop = new AbortController()
  const moved = clock.advance(1e9, stop.signal)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const { from, now, to } = clock.moving()!
  assert.deepEqual([from, to], [0, 1e9])
  assert.ok(now > 0 && now < to)
  stop.abort(new Error('stopped'))
  await assert.rejects(moved, /stopped/)
  assert.ok(clock.now() >= now && clock.now() < 1e9)
  assert.equal(clock.moving(), undefined)
})

test('no clock goes beyond its end', async () => {
  const clock = manual(0)
  await assert.rejects(clock.advance(Number.POSITIVE_INFINITY), /The clock ends at 2500-01-01T00:00:00.000Z/)
  assert.equal(await clock.advance(Date.UTC(2500, 0, 1)), Date.UTC(2500, 0, 1))
  await assert.rejects(clock.advance(1), /by 0 days at most/)
})

test('when a clock that was lent comes back, nothing is run, looked at, awaited or set by it any more', async () => {
  const clock = manual()
  const lent = lendClock(clock)
  const ran: string[] = []
  const by = (name: string) => () => void ran.push(name)
  lent.clock.at(1_100, by('before'))
  lent.clock.at(1_150, by('cancelled'))()
  await clock.advance(150)
  lent.clock.at(1_300, by('timer'))
  lent.clock.lookAt(1_300, by('look'))
  void lent.clock.sleep(100).then(by('sleeper'))
  lent.clock.onMove(async () => by('settler')())
  clock.at(1_300, by('owner'))
  lent.end()
  lent.clock.at(1_300, by('late'))
  await clock.advance(500)
  assert.deepEqual(ran, ['before', 'owner'])
})
