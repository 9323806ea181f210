import { computed, effect, signal } from '@preact/signals'
import type { Overview } from '../src/api/views.ts'
import { apiHref } from './api.ts'
import { addSample, type Sample } from './rates.ts'
import { place } from './router.ts'

/** What the server last said; undefined until it first did. */
export const overview = signal<Overview | undefined>(undefined)
export const isConnected = signal(true)

/** Ticks once a second. */
const tick = signal(performance.now())
let heardAt = performance.now()

/** The server's clock, ms since 1970: a manual one stands still. */
export const now = computed(() => {
  const said = overview.value
  if (!said) return Date.now()
  return said.clock.mode === 'manual' ? said.now : said.now + Math.max(0, tick.value - heardAt)
})

/** What each stream had taken in at each second since this page was opened. */
export const samples = signal<ReadonlyMap<string, readonly Sample[]>>(new Map())

export function hear(event: MessageEvent<string>): void {
  heardAt = performance.now()
  tick.value = heardAt
  overview.value = JSON.parse(event.data)
}

/** What the lists have to hold: what the page looks for, or what it is about where they cannot hold everything. */
const search = computed((): string => {
  const { path, query } = place.value
  const [kind, name] = path
  if (kind === undefined || kind === 'objects') return query.get('search') ?? ''
  const { totals, mostListed = 0 } = overview.value ?? {}
  const isCut = totals !== undefined && Object.values(totals).some((count) => count > mostListed)
  return isCut ? (name ?? query.get('stream') ?? '') : ''
})

function listen(to: string): () => void {
  const events = new EventSource(apiHref('events', { search: to || undefined }))
  events.addEventListener('overview', hear)
  events.onopen = () => {
    isConnected.value = true
  }
  events.onerror = () => {
    isConnected.value = false
  }
  return () => events.close()
}

/** Listens for as long as the page is there; the browser connects again by itself. */
export function startLive(): void {
  effect(() => listen(search.value))
  setInterval(() => {
    tick.value = performance.now()
    const streams = overview.value?.streams ?? []
    samples.value = new Map(
      streams.map(({ name, incoming }) => [
        name,
        addSample(samples.value.get(name) ?? [], { at: tick.value, ...incoming }),
      ]),
    )
  }, 1_000)
}
