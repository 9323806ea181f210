import type { MovableClock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/engine.ts'

const KEY = 'standpipe/clock'

/** A clock that was moved stays moved over a restart: time never goes back for what is stored. */
export async function restoreClock(metadata: MetadataStore, clock: MovableClock): Promise<void> {
  const saved = await metadata.get<{ offsetMs: number }>(KEY)
  if (saved && saved.value.offsetMs > 0) await clock.advance(saved.value.offsetMs)
}

/** Remembers how far the clock will be ahead before moving it, so that a crash in between cannot turn time back. */
export async function advancePersisted(
  metadata: MetadataStore,
  clock: MovableClock,
  durationMs: number,
): Promise<number> {
  await metadata.commit([{ put: KEY, value: { offsetMs: clock.offsetMs() + durationMs } }])
  return clock.advance(durationMs)
}
