import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { openIdentities } from '../../src/server/access/identities.ts'

/** What STS and IAM work with, in memory. */
export const createIdentities = (machineNow: () => number = Date.now) => {
  const clock = { now: machineNow }
  const engine = createMemoryEngine({ clock })
  const signal = new AbortController().signal
  return openIdentities({ engine, clock, random: systemRandom, machineNow, signal })
}
