import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Cancel } from './cancel.ts'
import { steadyNow } from './machine-time.ts'
import { LATEST_TIME, type Time } from './time.ts'
import type { Timers } from './timers.ts'

/** Where a move of the clock comes from, where it is, and where it goes; ms since 1970. */
export interface Moving {
  readonly from: number
  readonly now: number
  readonly to: number
}

/** The clock cannot be moved that far. */
export class ClockEnd extends Error {
  constructor(now: number) {
    const days = Math.max(0, Math.floor((LATEST_TIME - now) / 86_400_000))
    super(
      `The clock ends at ${new Date(LATEST_TIME).toISOString()}: from now on it can be moved by ${days} days at most.`,
    )
  }
}

/** A move that takes longer lets others have their turn: whoever asks for something, or sends a signal. */
const TURN_MS = 10

/** Is awaited before, after, and (`isUnderWay`) within a move. */
export type Settler = (isUnderWay: boolean) => Promise<void>

/** Does what may fail, and says so. */
export type Attempt = (task: () => void | Promise<void>) => Promise<void>

interface MovesOptions {
  readonly time: Time
  readonly timers: Timers
  readonly attempt: Attempt
  /** Told when the time runs by itself again, or stands still. */
  readonly onMoved: () => void
}

/** The moves of a clock, one after the other. */
export function createMoves({ time, timers, attempt, onMoved }: MovesOptions) {
  const settlers = new Set<Settler>()
  let moves: Promise<unknown> = Promise.resolve()
  let moving: Omit<Moving, 'now'> | undefined

  const settle = async (isUnderWay = false) => {
    for (const settler of [...settlers]) await attempt(() => settler(isUnderWay))
  }
  /** One after the other, until nothing is due by `target`. */
  const runUntil = async (target: number, signal: AbortSignal | undefined) => {
    const takeTurns = createTurns()
    timers.beginMove()
    await settle()
    for (let next = timers.takeNext(target); next; next = timers.takeNext(target)) {
      time.jumpTo(next.time)
      const { task } = next
      await timers.run(next, async () => {
        await attempt(task)
        await settle(true)
      })
      await takeTurns()
      signal?.throwIfAborted()
    }
  }
  const move = async (durationMs: number, signal: AbortSignal | undefined) => {
    signal?.throwIfAborted()
    const target = time.movedBy(durationMs)
    if (!(target.at <= LATEST_TIME)) throw new ClockEnd(time.now())
    moving = { from: time.now(), to: target.at }
    try {
      await runUntil(target.at, signal)
      target.reach()
      await settle()
    } finally {
      moving = undefined
      onMoved()
    }
    return time.now()
  }
  return {
    onMove(settler: Settler): Cancel {
      settlers.add(settler)
      return () => settlers.delete(settler)
    },
    advance(durationMs: number, signal?: AbortSignal): Promise<number> {
      const moved = moves.then(() => move(durationMs, signal))
      // Whoever moved it hears of it; the next move is another's.
      moves = moved.catch(() => undefined)
      return moved
    },
    moving: (): Moving | undefined => moving && { ...moving, now: time.now() },
  }
}

/** What is called again and again and lets others have their turn from time to time. */
function createTurns(): () => Promise<void> {
  let since = steadyNow()
  return async () => {
    if (steadyNow() - since < TURN_MS) return
    await nextTurn()
    since = steadyNow()
  }
}
