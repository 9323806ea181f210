import type { Cancel } from './cancel.ts'
import { type Attempt, createMoves, type Moving, type Settler } from './moves.ts'
import { createTime, type TimeOptions } from './time.ts'
import { Timers } from './timers.ts'

export type { Cancel } from './cancel.ts'

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
  /**
   * As `at`, for a task that looks whether there is something to do, finds nothing mostly, and sets itself again; if
   * there is a `dueAt`, it is due then. When the clock is moved, so many looks are done at their times and the rest at the
   * end: what a move costs does not depend on how long it is. What must happen at a moment is no look.
   */
  lookAt(time: number, task: () => void | Promise<void>, dueAt?: number): Cancel
  /** Resolves after `durationMs` of clock time; rejects with the signal's reason when that aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /**
   * `settle` is awaited before and after each step when the clock is moved: a background worker takes in there
   * what has been acknowledged so far, so that its timers exist before time passes over them.
   */
  onMove(settle: Settler): Cancel
}

/** A clock whose owner may move it forward. */
export interface MovableClock extends Clock {
  readonly mode: 'real' | 'manual'
  /** How far it is ahead of the machine's time, in ms; 0 for a real clock that was never moved. */
  offsetMs(): number
  /** How much of that is because the machine's time was set back: this clock never goes back. */
  setBackMs(): number
  /** It was that late already, ms since 1970: it is no earlier from now on. */
  notBefore(time: number): void
  /**
   * Moves it, after everything that came due by then has been done; resolves with the time it then is. Rejects with
   * ClockEnd when that is later than `LATEST_TIME`, and with the signal's reason when that aborts: it is then as late as
   * it came.
   */
  advance(durationMs: number, signal?: AbortSignal): Promise<number>
  /** The move that is under way. */
  moving(): Moving | undefined
  /** Drops every timer. */
  close(): void
}

/** setTimeout's longest delay. */
const MAX_DELAY_MS = 2 ** 31 - 1
interface ClockOptions extends TimeOptions {
  /** `real` runs with the machine's time plus an offset; `manual` stands still until it is moved. */
  readonly mode: 'real' | 'manual'
  /** What a task threw. A task that can fail as part of its work handles that itself. */
  readonly onError: (error: unknown) => void
}

export function createClock(options: ClockOptions): MovableClock {
  const { mode, onError } = options
  const time = createTime(options)
  const timers = new Timers()
  let alarm: NodeJS.Timeout | undefined

  const attempt: Attempt = async (task) => {
    try {
      await task()
    } catch (error) {
      onError(error)
    }
  }
  /** Runs what is due without waiting, and sets the machine's timer for what comes next. */
  const arm = () => {
    if (moves.moving()) return
    clearTimeout(alarm)
    // `attempt` says what it throws.
    for (let due = timers.takeDue(time.now()); due; due = timers.takeDue(time.now())) void attempt(due.task)
    const next = timers.next()
    if (!next || mode === 'manual') return
    alarm = setTimeout(arm, Math.min(Math.max(next.time - time.now(), 0), MAX_DELAY_MS))
    alarm.unref()
  }
  const moves = createMoves({ time, timers, attempt, onMoved: arm })
  const lookAt: MovableClock['lookAt'] = (due, task, dueAt = Number.POSITIVE_INFINITY) => {
    const cancel = timers.add({ time: due, dueAt, task })
    if (mode === 'real' || due <= time.now()) queueMicrotask(arm)
    return cancel
  }
  const at: MovableClock['at'] = (due, task) => lookAt(due, task, due)

  return {
    mode,
    now: time.now,
    offsetMs: time.offsetMs,
    setBackMs: time.setBackMs,
    notBefore: time.notBefore,
    at,
    lookAt,
    sleep: (durationMs, signal) => sleepBy((task) => at(time.now() + durationMs, task), signal),
    ...moves,
    close() {
      clearTimeout(alarm)
      timers.clear()
    },
  }
}

/** Resolves when what `after` is given is run; rejects with the signal's reason when that aborts first. */
export const sleepBy = (
  after: (task: () => void) => Cancel,
  signal: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const aborted = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = after(() => {
      signal?.removeEventListener('abort', aborted)
      resolve()
    })
    signal?.addEventListener('abort', aborted, { once: true })
  })
