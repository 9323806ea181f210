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

/** setTimeout's longest delay. */
const MAX_DELAY_MS = 2 ** 31 - 1

interface ClockOptions {
  /** `real` runs with the machine's time plus an offset; `manual` stands still until it is moved. */
  readonly mode: 'real' | 'manual'
  /** real: the offset to begin with, ms. */
  readonly offsetMs?: number
  /** manual: the time to begin with, ms since 1970; the machine's time if absent. */
  readonly startAt?: number
  /** What a task threw. A task that can fail as part of its work handles that itself. */
  readonly onError: (error: unknown) => void
}

export function createClock(options: ClockOptions): MovableClock {
  const { mode, onError } = options
  const time = createTime(options)
  const timers = new Timers()
  const settlers = new Set<() => Promise<void>>()
  let alarm: NodeJS.Timeout | undefined
  let moving: Promise<unknown> = Promise.resolve()
  let isMoving = false

  const attempt = async (task: () => void | Promise<void>) => {
    try {
      await task()
    } catch (error) {
      onError(error)
    }
  }
  /** Runs what is due without waiting, and sets the machine's timer for what comes next. */
  const arm = () => {
    if (isMoving) return
    clearTimeout(alarm)
    // `attempt` says what it throws.
    for (let due = timers.takeDue(time.now()); due; due = timers.takeDue(time.now())) void attempt(due.task)
    const next = timers.next()
    if (!next || mode === 'manual') return
    alarm = setTimeout(arm, Math.min(Math.max(next.time - time.now(), 0), MAX_DELAY_MS))
    alarm.unref()
  }
  const settle = async () => {
    for (const settler of [...settlers]) await attempt(settler)
  }
  const move = async (durationMs: number) => {
    const target = time.movedBy(durationMs)
    isMoving = true
    await settle()
    for (let next = timers.next(); next && next.time <= target.at; next = timers.next()) {
      time.jumpTo(next.time)
      timers.takeDue(next.time)
      await attempt(next.task)
      await settle()
    }
    target.reach()
    await settle()
    isMoving = false
    arm()
    return time.now()
  }
  const at: MovableClock['at'] = (due, task) => {
    const cancel = timers.add({ time: due, task })
    if (mode === 'real' || due <= time.now()) queueMicrotask(arm)
    return cancel
  }

  return {
    mode,
    now: time.now,
    offsetMs: time.offsetMs,
    at,
    sleep: (durationMs, signal) => sleep((task) => at(time.now() + durationMs, task), signal),
    onMove(settler) {
      settlers.add(settler)
      return () => settlers.delete(settler)
    },
    advance(durationMs) {
      const moved = moving.then(() => move(durationMs))
      // Whoever moved it hears of it; the next move is another's.
      moving = moved.catch(() => undefined)
      return moved
    },
    close() {
      clearTimeout(alarm)
      timers.clear()
    },
  }
}

/**
 * The time itself: the machine's with an offset, or one that stands still; it never goes back. In whole milliseconds,
 * as the machine's: tokens and documents say times so.
 */
function createTime({ mode, offsetMs = 0, startAt }: ClockOptions) {
  let offset = offsetMs
  let frozenAt = mode === 'manual' ? (startAt ?? Date.now()) : Number.NaN
  const now = () => (mode === 'manual' ? frozenAt : Date.now() + offset)
  const jumpTo = (given: number) => {
    const time = Math.ceil(given)
    if (mode === 'manual') frozenAt = Math.max(frozenAt, time)
    else offset = Math.max(offset, time - Date.now())
  }
  return {
    now,
    jumpTo,
    offsetMs: () => (mode === 'manual' ? frozenAt - Date.now() : offset),
    /** When it is then, and how to get there from wherever the time is by now. */
    movedBy(durationMs: number) {
      const [at, offsetThen] = [now() + durationMs, offset + Math.ceil(durationMs)]
      const reach = () => {
        jumpTo(at)
        // The machine's time went on meanwhile and is not taken off what the clock was moved by.
        offset = Math.max(offset, offsetThen)
      }
      return { at, reach }
    },
  }
}

/** Resolves when what `after` is given is run; rejects with the signal's reason when that aborts first. */
const sleep = (after: (task: () => void) => Cancel, signal: AbortSignal | undefined): Promise<void> =>
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

interface Timer {
  readonly time: number
  readonly task: () => void | Promise<void>
}

/** Timers in the order in which they come due; those of one moment in the order in which they were set. */
class Timers {
  readonly #queue: Timer[] = []

  add(timer: Timer): Cancel {
    const later = this.#queue.findIndex(({ time }) => time > timer.time)
    this.#queue.splice(later < 0 ? this.#queue.length : later, 0, timer)
    return () => {
      const index = this.#queue.indexOf(timer)
      if (index >= 0) this.#queue.splice(index, 1)
    }
  }

  next(): Timer | undefined {
    return this.#queue[0]
  }

  /** Takes out the earliest timer if it is due at `now`. */
  takeDue(now: number): Timer | undefined {
    const next = this.#queue[0]
    return next && next.time <= now ? this.#queue.shift() : undefined
  }

  clear(): void {
    this.#queue.length = 0
  }
}
