import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds when everything that nobody needs is gone, in MiB. */
export interface Floor {
  readonly heap: number
  readonly outside: number
  readonly resident: number
}

const MIB = 2 ** 20

/** Collects, lets what was waiting for that run, and collects again. */
export async function measureFloor(): Promise<Floor> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 4; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed / MIB, outside: (external + arrayBuffers) / MIB, resident: rss / MIB }
}
