import type { MovableClock } from '../../clock/clock.ts'
import { list, maybe, number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { addMove, type ClockMove } from '../../insight/clock-moves.ts'

export const CLOCK_KEY = 'standpipe/clock'

export interface SavedClock {
  readonly offsetMs: number
  /** The oldest first; absent in data folders of former versions. */
  readonly moves?: readonly ClockMove[]
}

export const clockDocument = document<SavedClock>({
  keys: CLOCK_KEY,
  version: 1,
  check: shape<SavedClock>({
    offsetMs: number,
    moves: maybe(list(shape<ClockMove>({ from: number, to: number }))),
  }),
})

/**
 * A clock that was moved stays moved over a restart: time never goes back for what is stored. After a reset the clock is
 * ahead of what is remembered, and what is stored from then on has its time.
 */
export async function restoreClock(metadata: MetadataStore, clock: MovableClock): Promise<void> {
  const saved = await clockDocument.get(metadata, CLOCK_KEY)
  const offsetMs = clock.offsetMs()
  const behindMs = (saved?.value.offsetMs ?? 0) - offsetMs
  if (behindMs > 0) await clock.advance(behindMs)
  else if (!saved && offsetMs > 0)
    await metadata.commit([{ put: CLOCK_KEY, value: { offsetMs } satisfies SavedClock }])
}

/** Moves the clock and resolves with the time it then is. One move at a time: each is remembered from where it begins. */
export async function moveClock(
  metadata: MetadataStore,
  clock: MovableClock,
  durationMs: number,
): Promise<number> {
  await rememberMove(metadata, clock, durationMs)
  return await clock.advance(durationMs)
}

/** Remembers how far ahead the clock will be before it is moved, so that a crash in between cannot turn time back. */
const rememberMove = (
  metadata: MetadataStore,
  clock: Pick<MovableClock, 'now' | 'offsetMs'>,
  durationMs: number,
): Promise<void> => {
  const from = clock.now()
  const offsetMs = clock.offsetMs() + durationMs
  return clockDocument.update<void>(metadata, CLOCK_KEY, (saved) => ({
    value: { offsetMs, moves: addMove(saved?.moves ?? [], { from, to: from + durationMs }) },
    result: undefined,
  }))
}

export const movesOf = (saved: SavedClock | undefined): readonly ClockMove[] => saved?.moves ?? []
