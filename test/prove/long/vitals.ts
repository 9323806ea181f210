import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Seen } from './figures.ts'

const CLOCK_TICKS_PER_SECOND = 100

/** How a process is, by what Linux tells of it. */
export interface Vitals {
  rssBytes(): number
  peakRssBytes(): number
  /** User and system time so far. */
  cpuSeconds(): number
}

export function vitalsOf(pid: number): Vitals {
  const kibibytes = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  return {
    rssBytes: () => kibibytes('VmRSS'),
    peakRssBytes: () => kibibytes('VmHWM'),
    cpuSeconds() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
    },
  }
}

/** Looks at the process's memory each second, until it is stopped. */
export function watchMemory({ rssBytes }: Vitals): { readonly seen: readonly Seen[]; stop(): void } {
  const startedAt = performance.now()
  const seen: Seen[] = []
  const look = () => seen.push({ atMs: performance.now() - startedAt, value: rssBytes() })
  look()
  const timer = setInterval(look, 1_000)
  return { seen, stop: () => clearInterval(timer) }
}

/** What the files of a folder take, whole blocks counted. */
export function folderBytes(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      try {
        bytes += statSync(join(entry.parentPath, entry.name)).blocks * 512
      } catch {
        // Deleted since it was listed.
      }
  return bytes
}

export const whyNotHere = (): string | undefined =>
  process.platform === 'linux'
    ? undefined
    : 'memory and CPU of a process are read from /proc, which only Linux has'
