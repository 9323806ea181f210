import type { Cancel } from './clock.ts'

export interface Timer {
  readonly time: number
  readonly task: () => void | Promise<void>
}

/** Timers in the order in which they come due; those of one moment in the order in which they were set. */
export class Timers {
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
