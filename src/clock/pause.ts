import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Machine time, for the command line: it waits for another process, whose clock is not its own. Keeps this process
 * alive meanwhile, which a clock's timers do not. Rejects when the signal aborts.
 */
export const pause = (durationMs: number, signal?: AbortSignal): Promise<void> =>
  sleep(durationMs, undefined, signal && { signal })
