import { basename, join } from 'node:path'

/** A write-ahead log keeps its number when it becomes a segment; a rewritten segment gets the next generation. */
const DIGITS = 10
export const walPath = (folder: string, number: number): string =>
  join(folder, `${String(number).padStart(DIGITS, '0')}.wal`)
export function walNumberOf(name: string): number | undefined {
  const number = /^(\d+)\.wal$/.exec(name)?.[1]
  return number === undefined ? undefined : Number(number)
}
export const segmentPath = (folder: string, number: number, generation: number): string =>
  join(folder, `${String(number).padStart(DIGITS, '0')}-${generation}.seg`)

/** Names that are not ours are left alone. */
export const isLogFile = (name: string): boolean => /^\d+(-\d+)?\.(seg|wal)(\.tmp)?$/.test(name)

/** A file of the log as a user finds it in the data folder. */
export const whereOf = (path: string): string => `log/${basename(path)}`

export interface LogFiles {
  /** Rising. */
  readonly wals: readonly number[]
  /** Rising, the newest generation of each. */
  readonly segments: readonly { readonly number: number; readonly generation: number }[]
  /** What a crash has left over: unfinished, or replaced by a file that is there. */
  readonly leftover: readonly string[]
}

/** Sorts out the names in the log's folder; names that are not ours are left alone. */
export function sortLogFiles(names: readonly string[]): LogFiles {
  const leftover = names.filter((name) => /\.(seg|wal)\.tmp$/.test(name))
  const newest = new Map<number, number>()
  const segments = names.flatMap((name) => {
    const match = /^(\d+)-(\d+)\.seg$/.exec(name)
    return match ? [{ name, number: Number(match[1]), generation: Number(match[2]) }] : []
  })
  for (const { number, generation } of segments)
    newest.set(number, Math.max(generation, newest.get(number) ?? 0))
  for (const { name, number, generation } of segments)
    if (newest.get(number) !== generation) leftover.push(name)
  const wals: number[] = []
  for (const name of names) {
    const number = walNumberOf(name)
    if (number === undefined) continue
    if (newest.has(number)) leftover.push(name)
    else wals.push(number)
  }
  const byNumber = [...newest].sort(([a], [b]) => a - b)
  return {
    wals: wals.sort((a, b) => a - b),
    segments: byNumber.map(([number, generation]) => ({ number, generation })),
    leftover,
  }
}
