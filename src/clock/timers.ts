import type { Cancel } from './cancel.ts'

interface Timer {
  /** When it is run. */
  time: number
  /** When it must be run at the latest: its time, unless it only looks. */
  readonly dueAt: number
  readonly task: () => void | Promise<void>
  /** How many looks in a row set one another, with this one; 0: it does not only look. */
  looks: number
}

/** So many looks in a row are done at their times when the clock is moved; what follows them waits for the move's end. */
const MOST_LOOKS = 6

/** Timers in the order in which they come due; those of one moment in the order in which they were set. */
export class Timers {
  readonly #queue: Timer[] = []
  #running: Timer | undefined

  /** If `dueAt` is later than its time, it only looks until then. */
  add({ time, dueAt, task }: Omit<Timer, 'looks'>): Cancel {
    const timer = { time, dueAt, task, looks: dueAt > time ? (this.#running?.looks ?? 0) + 1 : 0 }
    this.#insert(timer)
    return () => this.#remove(timer)
  }

  next(): Timer | undefined {
    return this.#queue[0]
  }

  /** Takes out the earliest timer if it is due at `now`. */
  takeDue(now: number): Timer | undefined {
    const next = this.#queue[0]
    return next && next.time <= now ? this.#queue.shift() : undefined
  }

  /** Before a move: every look counts as the first one. */
  beginMove(): void {
    for (const timer of this.#queue) timer.looks = Math.min(timer.looks, 1)
  }

  /** Takes out what comes next of a move that ends at `target`. */
  takeNext(target: number): Timer | undefined {
    for (;;) {
      const next = this.takeDue(target)
      const putOff = next && Math.min(next.dueAt, target)
      if (!next || next.looks <= MOST_LOOKS || next.time >= putOff!) return next
      next.time = putOff!
      this.#insert(next)
    }
  }

  /** Looks that are set meanwhile follow this one. */
  async run(timer: Timer, task: () => Promise<void>): Promise<void> {
    this.#running = timer
    await task()
    this.#running = undefined
  }

  clear(): void {
    this.#queue.length = 0
  }

  #insert(timer: Timer): void {
    const { time } = timer
    let [low, high] = [0, this.#queue.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#queue[middle]!.time > time) high = middle
      else low = middle + 1
    }
    this.#queue.splice(low, 0, timer)
  }

  #remove(timer: Timer): void {
    const index = this.#queue.indexOf(timer)
    if (index >= 0) this.#queue.splice(index, 1)
  }
}
