import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const CLOCK_TICKS_PER_SECOND = 100

/** What of a process is in memory. */
export interface Memory {
  readonly bytes: number
  /** Its own. */
  readonly anonBytes: number
  /** Of files that it has mapped (Node, the metadata): the system takes these pages back when others need them. */
  readonly fileBytes: number
}

/** How a process is, by what Linux tells of it. */
export interface Vitals {
  memory(): Memory
  /** Resident, all its life. */
  peakBytes(): number
  /** User and system time so far. */
  cpuSeconds(): number
}

export function vitalsOf(pid: number): Vitals {
  const status = () => readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytesOf = (name: string, told: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(told)?.[1]) * 1024
  return {
    memory() {
      const told = status()
      const [anonBytes, fileBytes] = [bytesOf('RssAnon', told), bytesOf('RssFile', told)]
      return { bytes: bytesOf('VmRSS', told), anonBytes, fileBytes }
    },
    peakBytes: () => bytesOf('VmHWM', status()),
    cpuSeconds() {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
    },
  }
}

/** The process's memory at one moment of the watch. */
export interface SeenMemory extends Memory {
  readonly atMs: number
}

/** Looks at the process's memory each second, until it is stopped. */
export function watchMemory({ memory }: Vitals): { readonly seen: readonly SeenMemory[]; stop(): void } {
  const startedAt = performance.now()
  const seen: SeenMemory[] = []
  const look = () => seen.push({ atMs: performance.now() - startedAt, ...memory() })
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
