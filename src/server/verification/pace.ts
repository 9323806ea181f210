const DAY_MS = 24 * 3_600_000
/** Everything is read once in so long. */
export const PASS_MS = 30 * DAY_MS
/** What is planned for is shorter: the folder may have grown. */
const PLANNED_MS = 25 * DAY_MS
const RATES = { least: 128 * 1024, most: 8 * 2 ** 20 }
/** A step that is a long way off is looked at again: the machine may have slept. */
const LONGEST_PAUSE_MS = 3_600_000

/** Where a pass stands; times are the machine's, ms since 1970. */
export interface Pass {
  readonly beganAt: number
  /** Read so far. */
  readonly bytes: number
  /** What the pass before this one came to; 0 before there was one. */
  readonly lastBytes: number
  /** All of it was read. */
  readonly isOver: boolean
}

/** How many ms to wait at `now` before more is read, after a step of `stepBytes`. */
export function pauseMs({ beganAt, lastBytes, isOver }: Pass, stepBytes: number, now: number): number {
  const rate = Math.min(RATES.most, Math.max(RATES.least, lastBytes / (PLANNED_MS / 1000)))
  const pause = isOver ? beganAt + PASS_MS - now : (stepBytes / rate) * 1000
  return Math.min(LONGEST_PAUSE_MS, Math.max(1, Math.ceil(pause)))
}

/** Whether a pass that is over makes room for the next. */
export const isNextDue = ({ beganAt, isOver }: Pass, now: number): boolean =>
  isOver && now >= beganAt + PASS_MS
