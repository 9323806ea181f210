import type { Cancel } from './clock.ts'

/**
 * Machine time, for what another thread does meanwhile: it does not wait for the virtual clock. Does not keep the
 * process alive.
 */
export function machineTimer(durationMs: number, task: () => void): Cancel {
  const timer = setTimeout(task, durationMs).unref()
  return () => clearTimeout(timer)
}
