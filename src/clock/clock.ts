/** Undoes what it came from; harmless when called twice or too late. */
export type Cancel = () => void

/**
 * The only source of time. Nothing else in Standpipe asks the machine, so that a five-minute buffer can be
 * delivered in milliseconds. Times are milliseconds since 1970.
 */
export interface Clock {
  now(): number
  /**
   * Runs `task` once when the clock reaches `time` (at once if it already has). When the clock is moved, due tasks
   * run in the order of their times and each is awaited, so a task must not wait for the clock itself: it
   * schedules what comes later with another `at`.
   */
  at(time: number, task: () => void | Promise<void>): Cancel
  /** Resolves after `durationMs` of clock time; rejects with the signal's reason when that aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /**
   * `settle` is awaited before and after each step when the clock is moved: a background worker takes in there
   * what has been acknowledged so far, so that its timers exist before time passes over them.
   */
  onMove(settle: () => Promise<void>): Cancel
}

/** A clock whose owner may move it forward. */
export interface MovableClock extends Clock {
  readonly mode: 'real' | 'manual'
  /** How far it is ahead of the machine's time, in ms; 0 for a real clock that was never moved. */
  offsetMs(): number
  /** Moves it, after everything that came due by then has been done; resolves with the time it then is. */
  advance(durationMs: number): Promise<number>
  /** Drops every timer. */
  close(): void
}
