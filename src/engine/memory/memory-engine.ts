import type { Clock } from '../../clock/clock.ts'
import { type Random, systemRandom } from '../../clock/random.ts'
import type { Engine } from '../ports/engine.ts'
import { createGate } from '../shared/gate.ts'
import { createWaiters } from '../shared/waiters.ts'
import { createMemoryBlobs } from './blob-store.ts'
import { createMemoryLogs } from './log-store.ts'
import { createMemoryBudget } from './memory-budget.ts'
import { createMemoryMetadata } from './metadata-store.ts'

export interface MemoryEngineOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly random?: Random
  /** Of entries and blobs; more is refused with StorageFull. */
  readonly limitBytes?: number
}

const DEFAULT_LIMIT_BYTES = 2 ** 30

/** Everything in memory, gone when the process ends: for `--ephemeral` and for tests. */
export function createMemoryEngine(options: MemoryEngineOptions): Engine {
  const { clock, random = systemRandom, limitBytes = DEFAULT_LIMIT_BYTES } = options
  const budget = createMemoryBudget(limitBytes)
  const gate = createGate()
  const waiters = createWaiters()
  return {
    logs: createMemoryLogs({ now: clock.now, gate, waiters, budget }),
    metadata: createMemoryMetadata(gate),
    blobs: createMemoryBlobs({ random, gate, budget }),
    checkHealth: () => gate.run(() => undefined),
    async close() {
      const closed = gate.close()
      waiters.wakeAll()
      await closed
    },
  }
}
