import type { MovableClock } from '../../clock/clock.ts'
import { ClockEnd } from '../../clock/moves.ts'
import { LATEST_TIME } from '../../clock/time.ts'
import { list, maybe, number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { addMove, type ClockMove } from '../../insight/clock-moves.ts'
import { resumeTime } from './seen-time.ts'

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
  const offsetMs = movedMs(clock)
  const behindMs = (saved?.value.offsetMs ?? 0) - offsetMs
  if (behindMs > 0) await clock.advance(behindMs)
  else if (!saved && offsetMs > 0)
    await metadata.commit([{ put: CLOCK_KEY, value: { offsetMs } satisfies SavedClock }])
  await resumeTime(metadata, clock)
}

/** What it was moved by; that the machine's time was set back is no move. */
const movedMs = (clock: Pick<MovableClock, 'offsetMs' | 'setBackMs'>): number =>
  clock.offsetMs() - clock.setBackMs()

/**
 * Moves the clock and resolves with the time it then is. One move at a time: each is remembered from where it begins,
 * and before it is done, so that a crash in between cannot turn time back. One that is cut short ends where it came to.
 */
export async function moveClock(
  metadata: MetadataStore,
  clock: MovableClock,
  durationMs: number,
  signal: AbortSignal,
): Promise<number> {
  const from = clock.now()
  if (from + durationMs > LATEST_TIME) throw new ClockEnd(from)
  const before = await clockDocument.get(metadata, CLOCK_KEY)
  const moves = before?.value.moves ?? []
  await remember(metadata, movedMs(clock) + durationMs, addMove(moves, { from, to: from + durationMs }))
  try {
    return await clock.advance(durationMs, signal)
  } catch (error) {
    await remember(metadata, movedMs(clock), addMove(moves, { from, to: clock.now() }))
    throw error
  }
}

const remember = (metadata: MetadataStore, offsetMs: number, moves: readonly ClockMove[]): Promise<void> =>
  clockDocument.update<void>(metadata, CLOCK_KEY, () => ({ value: { offsetMs, moves }, result: undefined }))

export const movesOf = (saved: SavedClock | undefined): readonly ClockMove[] => saved?.moves ?? []
