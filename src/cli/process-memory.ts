import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const LARGE_BYTES = 16 * 1024 * 1024

/**
 * glibc gives the end of its heap back to the system as soon as 128 KiB there are free, and asks for it again with the
 * next buffer. Once something larger was freed, that limit is twice its size: mallopt(3), M_MMAP_THRESHOLD. Other
 * allocators do not mind.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(LARGE_BYTES).transfer(0)
}

/** Two semi-spaces of 16 MiB, as Node 22 has by default; Node 24 has up to 64. */
const MOST_BYTES = 2 * 16 * 1024 * 1024

/** Node takes either sign between words. */
const SIZE_FLAG = /--(min|max)?[-_]?semi[-_]space[-_](size|growth)/

/** What V8 multiplies the young generation by when much of it has survived. */
export const growthFactorOf = (youngBytes: number): number => (youngBytes < MOST_BYTES ? 2 : 1)

/**
 * Lets the young generation of this process grow no further than to 32 MiB: beyond that it holds little but garbage, and
 * the buffers that hang on that. Whoever has told Node how large it may be is obeyed. A flag of the command line would be
 * too late here, and a second start of Node to set it takes longer (docs/decisions/memory.md).
 */
export function boundYoungGeneration(nodeFlags: readonly (string | undefined)[]): void {
  if (nodeFlags.some((flag) => flag && SIZE_FLAG.test(flag))) return
  let factor = growthFactorOf(0)
  const bound = () => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    const next = growthFactorOf(young?.space_size ?? 0)
    if (next === factor) return
    factor = next
    setFlagsFromString(`--semi-space-growth-factor=${factor}`)
  }
  new PerformanceObserver(bound).observe({ entryTypes: ['gc'] })
}
