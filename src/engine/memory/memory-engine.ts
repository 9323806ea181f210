import type { Clock } from '../../clock/clock.ts'
import { type Random, systemRandom } from '../../clock/random.ts'
import type { Engine, Space } from '../ports/engine.ts'
import { METADATA_LIMITS } from '../shared/document-rules.ts'
import { createGate } from '../shared/gate.ts'
import { SECRET_KEY_BYTES, secretBoxOf } from '../shared/sealing.ts'
import { createWaiters } from '../shared/waiters.ts'
import { createMemoryBlobs, type MemoryBlobs } from './blob-store.ts'
import { createMemoryGroups, createMemoryLogs } from './log-store.ts'
import { createMemoryBudget, type MemoryBudget } from './memory-budget.ts'
import { createMemoryDocuments, createMemoryMetadata } from './metadata-store.ts'

export interface MemoryEngineOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly random?: Random
  /** Of entries and blobs; more is refused with StorageFull. */
  readonly limitBytes?: number
  /** In one commit: as few as an engine takes that several machines share. Any number if absent. */
  readonly changes?: number
}

const DEFAULT_LIMIT_BYTES = 2 ** 30

/** Everything in memory, gone when the process ends: for `--ephemeral` and for tests. */
export const createMemoryEngine = (options: MemoryEngineOptions): Engine => createMemoryStore(options).open()

/** A store that can be opened any number of times, as by processes of their own: each sees what the others write. */
export function createMemoryStore(options: MemoryEngineOptions): { open(): Engine } {
  const { clock, random = systemRandom, limitBytes = DEFAULT_LIMIT_BYTES, changes } = options
  const budget = createMemoryBudget(limitBytes)
  const groups = createMemoryGroups({ now: clock.now, budget })
  const documents = createMemoryDocuments(changes ?? METADATA_LIMITS.changes)
  const blobs: MemoryBlobs = new Map()
  const secrets = secretBoxOf(random.bytes(SECRET_KEY_BYTES).slice(), random)
  return {
    open() {
      const gate = createGate()
      const waiters = createWaiters()
      groups.waiting.add(waiters)
      return {
        logs: createMemoryLogs({ shared: groups, budget, gate, waiters }),
        metadata: createMemoryMetadata(documents, gate),
        secrets,
        blobs: createMemoryBlobs({ blobs, random, gate, budget }),
        checkHealth: () => gate.run(() => undefined),
        refusal: () => undefined,
        space: () => gate.run(() => spaceOf(budget)),
        async close() {
          const closed = gate.close()
          groups.waiting.delete(waiters)
          waiters.wakeAll()
          await closed
        },
      }
    },
  }
}

/** Documents are small, and are not counted. */
function spaceOf({ usedBytes, limitBytes }: MemoryBudget): Space {
  const used = usedBytes()
  const roomBytes = Math.max(0, limitBytes - used)
  return {
    usedBytes: used,
    parts: { log: 0, metadata: 0, blobs: used },
    freeBytes: roomBytes,
    limitBytes,
    roomBytes,
  }
}
