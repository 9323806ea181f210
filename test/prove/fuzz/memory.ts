import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds when everything that nobody needs is gone, in MiB. */
export interface Floor {
  readonly heap: number
  readonly outside: number
  readonly resident: number
}

const MIB = 2 ** 20

/**
 * Collects, lets what was waiting for that run, and collects again; in the end as V8 does when there is no other way,
 * and after some eight idle seconds: until then it keeps for later what a burst has needed, hundreds of MiB.
 */
export async function measureFloor(): Promise<Floor> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how?: object) => void
  for (let round = 0; round < 4; round++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  collect({ type: 'major', flavor: 'last-resort' })
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed / MIB, outside: external / MIB, resident: rss / MIB }
}
