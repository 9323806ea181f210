import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { createSites, type Visitor } from '../../src/delivery/retries/sites.ts'

const SITE = 'lake'
const siteError = new Error('the bucket is not there')

/** Visitors who try when they are woken, into a site that fails until `fails` is false. */
function lab() {
  const clock = createClock({ mode: 'manual', startAt: 0, onError: assert.ifError })
  const sites = createSites(clock)
  const state = { fails: true, attempts: [] as [name: string, at: number][] }
  const visitorOf = (name: string) => {
    const closing = new AbortController()
    let isEager = false
    const visitor: Visitor = {
      signal: closing.signal,
      wake() {
        isEager = true
        clock.at(clock.now(), () => void visit())
      },
    }
    const visit = () => {
      const entered = sites.enter(SITE, visitor, isEager)
      isEager = false
      if ('retryAt' in entered) return entered
      state.attempts.push([name, clock.now()])
      sites.ended(entered, state.fails ? { siteError } : 'taken')
      // As a line does, by its own time.
      if (state.fails) sites.enter(SITE, visitor, false)
      return undefined
    }
    return { visit, visitor, close: () => closing.abort() }
  }
  return { clock, sites, state, visitorOf }
}

test('a site that fails is tried by one at a time, later and later, by all in turn', async () => {
  const { clock, state, visitorOf } = lab()
  const visitors = ['a', 'b', 'c'].map(visitorOf)
  for (const { visit } of visitors) visit()
  for (let minute = 0; minute < 30; minute++) await clock.advance(60_000)
  const seconds = state.attempts.map(([name, at]) => `${name} ${at / 1000}`)
  assert.deepEqual(seconds.slice(0, 6), ['a 0', 'a 1', 'b 3', 'c 7', 'a 15', 'b 31'])
  assert.ok(seconds.length <= 9 + 6, seconds.join())
  state.fails = false
  const before = state.attempts.length
  await clock.advance(300_000)
  assert.deepEqual(
    state.attempts
      .slice(before)
      .map(([name]) => name)
      .toSorted(),
    ['a', 'b', 'c'],
  )
})

test('who is gone is passed over, and who insists tries at once', async () => {
  const { clock, sites, state, visitorOf } = lab()
  const [one, other, last] = ['one', 'other', 'last'].map(visitorOf)
  for (const { visit } of [one!, other!, last!]) visit()
  one!.close()
  await clock.advance(1_000)
  assert.deepEqual(state.attempts, [
    ['one', 0],
    ['other', 1_000],
  ])
  const entered = sites.enter(SITE, last!.visitor, true)
  assert.ok('begun' in entered)
  sites.ended(entered, 'refused')
  assert.ok('begun' in sites.enter(SITE, visitorOf('new').visitor, false))
})

test('attempts that fail together are one failure, and one that says nothing changes nothing', () => {
  const { clock, sites, visitorOf } = lab()
  const begun = Array.from({ length: 16 }, (_, index) =>
    sites.enter(SITE, visitorOf(`${index}`).visitor, false),
  )
  for (const attempt of begun) if ('begun' in attempt) sites.ended(attempt, { siteError })
  const refused = sites.enter(SITE, visitorOf('late').visitor, false)
  assert.deepEqual(refused, { error: siteError, retryAt: clock.now() + 1_000 })
  const insisting = sites.enter(SITE, visitorOf('one').visitor, true)
  assert.ok('begun' in insisting)
  sites.ended(insisting, 'given up')
  assert.ok('retryAt' in sites.enter(SITE, visitorOf('later').visitor, false))
})
