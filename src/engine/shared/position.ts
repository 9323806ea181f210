import type { GroupOptions, Position } from '../ports/engine.ts'

/** Positions count from here, so that they stay safe integers until 2089. */
const EPOCH_MS = Date.UTC(2020, 0, 1)
const PER_MS = 4096

/** The first position that an entry appended at `time` (ms since 1970) can have. */
export const positionAt = (time: number): Position => Math.max(0, Math.ceil(time - EPOCH_MS) * PER_MS)

/** When an entry of that position was appended, ms since 1970, as far as the position tells. */
export const timeOf = (position: Position): number => EPOCH_MS + Math.floor(position / PER_MS)

/**
 * Gives positions, rising whatever the clock does: a timestamp is found by finding its position, and nothing
 * but the last one given needs to be remembered.
 */
export function createPositions(now: () => number, last: Position = 0) {
  return {
    last: (): Position => last,
    /** The first of `count` positions that follow one another. */
    take(count: number): Position {
      const first = Math.max(last + 1, positionAt(now()))
      last = first + count - 1
      return first
    },
  }
}

/** The oldest position that a group may still show. */
export const horizonOf = (now: number, { retentionMs, readableFrom = 0 }: GroupOptions): Position =>
  positionAt(Math.max(now - retentionMs, readableFrom))
