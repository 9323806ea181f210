import { describe } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { createMemoryEngine, createMemoryStore } from '../../src/engine/memory/memory-engine.ts'
import { blobStoreContract } from './contract/blob-store.ts'
import { logStoreContract } from './contract/log-store.ts'
import { metadataStoreContract } from './contract/metadata-store.ts'
import type { Subject } from './contract/subject.ts'
import { type TwoOpenings, twoOpeningsContract } from './contract/two-openings.ts'

const open = async (): Promise<Subject> => {
  const clock = createClock({ mode: 'manual', onError: (error) => Promise.reject(error) })
  const engine = createMemoryEngine({ clock })
  return { engine, clock, close: engine.close }
}

const openTwo = async (): Promise<TwoOpenings> => {
  const clock = createClock({ mode: 'manual', onError: (error) => Promise.reject(error) })
  const store = createMemoryStore({ clock })
  const [one, other] = [store.open(), store.open()]
  return { one, other, clock, close: async () => void (await Promise.all([one.close(), other.close()])) }
}

describe('the memory engine', () => {
  logStoreContract(open)
  metadataStoreContract(open)
  blobStoreContract(open)
  twoOpeningsContract(openTwo)
})

describe('a memory engine of few changes in a commit', () => {
  metadataStoreContract(async () => {
    const { clock } = await open()
    const engine = createMemoryEngine({ clock, changes: 900 })
    return { engine, clock, close: engine.close }
  })
})
