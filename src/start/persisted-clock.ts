import type { MovableClock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/engine.ts'

const KEY = 'standpipe/clock'

/** A clock that was moved stays moved over a restart: time never goes back for what is stored. */
export async function restoreClock(metadata: MetadataStore, clock: MovableClock): Promise<void> {
  const saved = await metadata.get<{ offsetMs: number }>(KEY)
  const behindMs = (saved?.value.offsetMs ?? 0) - clock.offsetMs()
  if (behindMs > 0) await clock.advance(behindMs)
}

/** Remembers how far ahead the clock will be before it is moved, so that a crash in between cannot turn time back. */
export const rememberClock = async (metadata: MetadataStore, offsetMs: number): Promise<void> => {
  await metadata.commit([{ put: KEY, value: { offsetMs } }])
}
