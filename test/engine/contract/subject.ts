import type { MovableClock } from '../../../src/clock/clock.ts'
import type { Engine } from '../../../src/engine/ports/engine.ts'

/** An engine to be tested, on a clock that stands still until it is moved. */
export interface Subject {
  readonly engine: Engine
  readonly clock: MovableClock
  close(): Promise<void>
}
