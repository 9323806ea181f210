import { describe } from 'node:test'
import { createClock } from '../../src/clock/movable.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { blobStoreContract } from './contract/blob-store.ts'
import { logStoreContract } from './contract/log-store.ts'
import { metadataStoreContract } from './contract/metadata-store.ts'
import type { Subject } from './contract/subject.ts'

const open = async (): Promise<Subject> => {
  const clock = createClock({ mode: 'manual', onError: (error) => Promise.reject(error) })
  const engine = createMemoryEngine({ clock })
  return { engine, clock, close: engine.close }
}

describe('the memory engine', () => {
  logStoreContract(open)
  metadataStoreContract(open)
  blobStoreContract(open)
})
