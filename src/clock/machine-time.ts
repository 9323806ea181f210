/** The machine's own time, for what a virtual clock must not hold up: each says for whom. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cancel } from './cancel.ts'

/**
 * Machine time, for what waits for other processes, whose clock is not its own. Keeps this process alive meanwhile,
 * which a clock's timers do not. Rejects when the signal aborts.
 */
export const pause = (durationMs: number, signal?: AbortSignal): Promise<void> =>
  sleep(durationMs, undefined, signal && { signal })

/** Aborts its signal when it was left alone for too long. */
export interface IdleTimeout {
  readonly signal: AbortSignal
  /** The time begins anew. */
  restart(): void
  /** No time passes until the next `restart`. */
  stop(): void
}

/** Machine time, for what goes on outside of this process and does not wait for the virtual clock. Begins stopped. */
export function idleTimeout(durationMs: number): IdleTimeout {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    restart() {
      stop()
      timer = setTimeout(() => {
        controller.abort(new DOMException(`nothing happened for ${durationMs} ms`, 'TimeoutError'))
      }, durationMs).unref()
    },
    stop,
  }
}

/**
 * Machine time, for what another thread does meanwhile: it does not wait for the virtual clock. Does not keep the
 * process alive.
 */
export function machineTimer(durationMs: number, task: () => void): Cancel {
  const timer = setTimeout(task, durationMs).unref()
  return () => clearTimeout(timer)
}

/** Does what it was asked for a little later, once for all who asked meanwhile. */
interface Soon {
  ask(): void
  /** Nothing is done any more. */
  stop(): void
}

/** Machine time, for what must happen while a virtual clock stands still. Does not keep the process alive. */
export function soon(delayMs: number, task: () => void): Soon {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  return {
    ask() {
      if (isStopped) return
      timer ??= setTimeout(() => {
        timer = undefined
        task()
      }, delayMs).unref()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** Ms of the machine's own time since some moment; it never goes back, and no virtual clock moves it. */
export const steadyNow = (): number => performance.now()
