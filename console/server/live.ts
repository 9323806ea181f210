import { batch, computed, effect, signal } from '@preact/signals'
import type { Overview } from '../../src/api/views.ts'
import { place } from '../router.ts'
import { ApiError, changedOverview } from './api.ts'
import { poll } from './polling.ts'
import { addSample, type Sample } from './rates.ts'
import { isConnected, mayDo, user } from './session.ts'

/** What the server last said; undefined until it first did. */
export const overview = signal<Overview | undefined>(undefined)
/** Why it does not say it, where it says something else. */
export const overviewRefusal = signal('')
/** By a policy, or for the name that the page was asked under. */
const REFUSED = new Set(['AccessDenied', 'Forbidden'])
export const OVERVIEW_ACTION = 'standpipe:GetOverview'

const LOOK_MS = 500
const TICK_MS = 1_000

/** Ticks once a second. */
const tick = signal(performance.now())
/** What the server's clock showed when it was last heard of, and when that was by the page's own. */
let heard = { now: Date.now(), at: performance.now() }

/** The server's clock, ms since 1970: a manual one stands still. */
export const now = computed(() => {
  const said = overview.value
  if (!said) return Date.now()
  return said.clock.mode === 'manual' ? said.now : heard.now + Math.max(0, tick.value - heard.at)
})

/** What each stream had taken in at each second since this page was opened. */
export const samples = signal<ReadonlyMap<string, readonly Sample[]>>(new Map())

/** What the lists have to hold: what the page looks for, or what it is about where they cannot hold everything. */
const search = computed((): string => {
  const { path, query } = place.value
  const [kind, name] = path
  if (kind === undefined || kind === 'objects') return query.get('search') ?? ''
  const { totals, mostListed = 0 } = overview.value ?? {}
  const isCut = totals !== undefined && Object.values(totals).some((count) => count > mostListed)
  return isCut ? (name ?? query.get('stream') ?? '') : ''
})

function look(to: string): () => void {
  let seen: string | undefined
  return poll(async (signal) => {
    try {
      const { tag, now: time, changed } = await changedOverview(to, seen, signal)
      if (signal.aborted) return
      heard = { now: time, at: performance.now() }
      seen = tag
      batch(() => {
        isConnected.value = true
        overviewRefusal.value = ''
        if (!changed) return
        tick.value = heard.at
        overview.value = changed
      })
    } catch (failure) {
      if (failure instanceof ApiError && REFUSED.has(failure.code))
        batch(() => {
          overviewRefusal.value = failure.message
          overview.value = undefined
        })
      // Who put the page aside has not lost the server.
      else if (!signal.aborted || signal.reason?.name === 'TimeoutError') isConnected.value = false
    }
  }, LOOK_MS)
}

/** Looks for as long as the page is seen, by whoever may. */
export function startLive(): void {
  // What one has seen is not shown to another.
  effect(() => {
    void user.value
    overview.value = undefined
    overviewRefusal.value = ''
    samples.value = new Map()
  })
  effect(() => {
    if (user.value === undefined) return
    if (mayDo(OVERVIEW_ACTION)) return look(search.value)
    overview.value = undefined
  })
  poll(async () => {
    tick.value = performance.now()
    const streams = overview.value?.streams ?? []
    samples.value = new Map(
      streams.map(({ name, incoming }) => [
        name,
        addSample(samples.value.get(name) ?? [], { at: tick.value, ...incoming }),
      ]),
    )
  }, TICK_MS)
}
