import { pause } from './calls.ts'
import { type Act, doAct, drawAct, type Site } from './steady-work.ts'

const WORKERS = 32
/** Acts that may be under way before the load waits: a server that hangs is not asked for ever more. */
const MOST_UNDER_WAY = 2_000

/** Milliseconds that each act took, by what it was. */
export type Latencies = ReadonlyMap<Act, readonly number[]>

/** How many acts a second can be done, by workers that each do one after another. Rejects when one is refused. */
export async function measureMost(siteNow: () => Site, durationMs: number): Promise<number> {
  const startedAt = performance.now()
  const isOver = () => performance.now() - startedAt >= durationMs
  let acts = 0
  const work = async () => {
    for (; !isOver(); acts++) await doAct(siteNow(), drawAct(siteNow().random))
  }
  await Promise.all(Array.from({ length: WORKERS }, work))
  return acts / ((performance.now() - startedAt) / 1_000)
}

/**
 * Starts acts at a constant rate, whatever becomes of those before; a latency begins when the act was due, so that one
 * who waits in line is counted as one who waits.
 */
export async function workAt(
  siteNow: () => Site,
  perSecond: number,
  durationMs: number,
): Promise<{ latencies: Latencies; refused: string[] }> {
  const latencies = new Map<Act, number[]>()
  const refused: string[] = []
  const underWay = new Set<Promise<void>>()
  const startedAt = performance.now()
  for (let due = 0; due < durationMs; ) {
    const now = performance.now() - startedAt
    for (; due <= now && due < durationMs && underWay.size < MOST_UNDER_WAY; due += 1_000 / perSecond) {
      const [site, dueAt] = [siteNow(), startedAt + due]
      const act = drawAct(site.random)
      const done = doAct(site, act)
        .then(
          () => void (latencies.get(act) ?? latencies.set(act, []).get(act)!).push(performance.now() - dueAt),
          (error: Error) => void refused.push(error.message),
        )
        .finally(() => underWay.delete(done))
      underWay.add(done)
    }
    await pause(1)
  }
  await Promise.all(underWay)
  return { latencies, refused }
}
