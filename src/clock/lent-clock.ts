import type { Cancel } from './cancel.ts'
import { type MovableClock, sleepBy } from './clock.ts'

/**
 * A clock for what ends before it. After `end` nothing that was set by it is run, and nothing more is set: a timer keeps all
 * that its task reaches, for as long as the clock stands still or the task's time is far.
 */
export function lendClock(clock: MovableClock): { readonly clock: MovableClock; end(): void } {
  const cancels = new Set<Cancel>()
  let isOver = false
  /** Undone at the end, if not before. */
  const until = (set: (done: () => void) => Cancel): Cancel => {
    if (isOver) return () => undefined
    const cancel = () => {
      cancels.delete(cancel)
      undo()
    }
    const undo = set(() => cancels.delete(cancel))
    cancels.add(cancel)
    return cancel
  }
  const lookAt: MovableClock['lookAt'] = (time, task, dueAt) =>
    until((done) =>
      clock.lookAt(
        time,
        () => {
          done()
          return task()
        },
        dueAt,
      ),
    )
  const at: MovableClock['at'] = (time, task) => lookAt(time, task, time)
  return {
    clock: {
      ...clock,
      at,
      lookAt,
      sleep: (durationMs, signal) => sleepBy((task) => at(clock.now() + durationMs, task), signal),
      onMove: (settle) => until(() => clock.onMove(settle)),
    },
    end() {
      isOver = true
      for (const cancel of [...cancels]) cancel()
    },
  }
}
