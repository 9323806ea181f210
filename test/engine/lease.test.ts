import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'
import { createLeases, fencedBy, observe } from '../../src/engine/ports/lease.ts'

const timeToLiveMs = 1000

/** Two processes whose clocks have nothing to do with one another. */
function twoOwners() {
  const times = { a: 50, b: 1_000_000 }
  const { metadata } = createMemoryEngine({ clock: { now: () => 0 } })
  const leases = (owner: 'a' | 'b') =>
    createLeases({ metadata, owner, now: () => times[owner], timeToLiveMs })
  return { times, metadata, a: leases('a'), b: leases('b') }
}

test('what one holds the other does not get, until it is released', async () => {
  const { a, b } = twoOwners()
  const held = await a.acquire('work')
  assert.ok(held)
  assert.equal(await b.acquire('work'), undefined)
  await a.release(held)
  assert.ok(await b.acquire('work'))
})

test('a lease that is renewed in time is never taken over, one that is not is, by the clock of the observer', async () => {
  const { times, a, b } = twoOwners()
  let held = await a.acquire('work')
  for (let round = 0; round < 5; round++) {
    assert.equal(await b.acquire('work'), undefined)
    times.b += timeToLiveMs - 1
    held = await a.renew(held!)
    assert.ok(held)
  }
  assert.equal(await b.acquire('work'), undefined)
  times.a += 100 * timeToLiveMs
  assert.equal(await b.acquire('work'), undefined)
  times.b += timeToLiveMs
  const taken = await b.acquire('work')
  assert.ok(taken && taken.token > held!.token)
  assert.equal(await a.renew(held!), undefined)
})

test('a first look never takes over, however long the lease has been there', async () => {
  const { times, a, b } = twoOwners()
  await a.acquire('work')
  times.b += 100 * timeToLiveMs
  assert.equal(await b.acquire('work'), undefined)
})

test('a commit that is fenced by a lease fails after somebody else took it, and only then', async () => {
  const { times, metadata, a, b } = twoOwners()
  const held = await a.acquire('work')
  const renewed = await a.renew(held!)
  await metadata.commit([{ put: 'checkpoint', value: 1 }, fencedBy(held!)])
  await metadata.commit([{ put: 'checkpoint', value: 2 }, fencedBy(renewed!)])
  await b.acquire('work')
  times.b += timeToLiveMs
  const taken = await b.acquire('work')
  await assert.rejects(metadata.commit([{ put: 'checkpoint', value: 3 }, fencedBy(renewed!)]), (error) =>
    isEngineError(error, 'Conflict'),
  )
  await metadata.commit([{ put: 'checkpoint', value: 4 }, fencedBy(taken!)])
  await a.release(renewed!)
  await metadata.commit([{ put: 'checkpoint', value: 5 }, fencedBy(taken!)])
})

test('a fence holds even when the holder before has released its lease', async () => {
  const { metadata, a, b } = twoOwners()
  const held = await a.acquire('work')
  await a.release(held!)
  await b.acquire('work')
  await assert.rejects(metadata.commit([fencedBy(held!)]), (error) => isEngineError(error, 'Conflict'))
})

test('of those who ask at once, one gets it', async () => {
  const { a, b } = twoOwners()
  const got = await Promise.all([a.acquire('work'), b.acquire('work')])
  assert.equal(got.filter(Boolean).length, 1)
})

test('a holder that lost the answer to its own request gets the lease again', async () => {
  const { a } = twoOwners()
  const first = await a.acquire('work')
  const second = await a.acquire('work')
  assert.ok(second && second.token > first!.token)
})

test('an observer calls a lease free only after it has seen the same revision for the time to live', () => {
  const step = fc.record({ revision: fc.integer({ min: 1, max: 3 }), elapsedMs: fc.nat(1500) })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1 }), (steps) => {
      let now = 0
      let sighting: Parameters<typeof observe>[1]
      let seen = { revision: 0, since: 0 }
      for (const { revision, elapsedMs } of steps) {
        now += elapsedMs
        if (seen.revision !== revision) seen = { revision, since: now }
        const current = { key: 'k', value: { owner: 'other' }, revision }
        const outcome = observe(current, sighting, { owner: 'me', now, timeToLiveMs })
        assert.equal(outcome === 'free', now - seen.since >= timeToLiveMs)
        if (outcome === 'free') return
        sighting = outcome
      }
    }),
  )
})
