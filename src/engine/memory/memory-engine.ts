import type { Clock } from '../../clock/clock.ts'
import { type Random, systemRandom } from '../../clock/random.ts'
import type { Engine } from '../engine.ts'
import { createGate } from '../gate.ts'
import { createWaiters } from '../waiters.ts'
import { createMemoryBlobs } from './memory-blobs.ts'
import { createMemoryLogs } from './memory-logs.ts'
import { createMemoryMetadata } from './memory-metadata.ts'

export interface MemoryEngineOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly random?: Random
}

/** Everything in memory, gone when the process ends: for `--ephemeral` and for tests. */
export function createMemoryEngine({ clock, random = systemRandom }: MemoryEngineOptions): Engine {
  const gate = createGate()
  const waiters = createWaiters()
  return {
    logs: createMemoryLogs({ now: clock.now, gate, waiters }),
    metadata: createMemoryMetadata(gate),
    blobs: createMemoryBlobs({ random, gate }),
    health: () => gate.run(() => ({ ok: true })),
    async close() {
      const closed = gate.close()
      waiters.wakeAll()
      await closed
    },
  }
}
