import type { GroupOptions, Position } from '../../ports/engine.ts'
import { horizonOf } from '../../shared/log-rules.ts'
import type { StoredBlock } from './frame.ts'

export interface Group {
  /** Never reused: what was written for a dropped group stays dead when its name comes back. */
  readonly id: number
  readonly name: string
  options: GroupOptions
  dropped: boolean
  readonly logs: Map<string, Log>
}

/** Where one log's entries are: on disk in `runs`, and then in memory in `tail`, both rising. */
export interface Log {
  readonly group: Group
  readonly name: string
  runs: Run[]
  tail: StoredBlock[]
  /** The last durable entry; -1 when there has been none. */
  last: Position
  trimmedBefore: Position
  /** An entry whose place on disk was given back; -1 when none was since the process began. */
  lastGone: Position
  sealedAt: Position | undefined
  /** Set from the moment the seal is asked for: no later append may get before it. */
  sealing: Promise<Position> | undefined
}

/** One log's chunks in one segment: the rows `row` to `row + rows`. */
export interface Run {
  readonly log: Log
  readonly segment: Segment
  readonly row: number
  readonly rows: number
  readonly last: Position
}

/** A file of chunks in the order of their logs. Each chunk holds entries of one log: position f64 · length u32 · data. */
export interface Segment {
  readonly path: string
  /** The number of the write-ahead log that it was made of. */
  readonly number: number
  /** How many times it was rewritten since. */
  readonly generation: number
  readonly runs: Run[]
  readonly chunks: ChunkTable
  readonly sizeBytes: number
  readonly indexCrc: number
  /** Absent where nobody counted them. */
  readonly entries?: number | undefined
}

/** One row for each chunk; those of a run follow one another, in the file too. */
export interface ChunkTable {
  readonly firsts: Float64Array
  readonly offsets: Uint32Array
  readonly lengths: Uint32Array
  readonly crcs: Uint32Array
}

export const keyOf = (group: Group, log: string): string => `${group.id}/${log}`

export const createLog = (group: Group, name: string): Log => ({
  group,
  name,
  runs: [],
  tail: [],
  last: -1,
  trimmedBefore: 0,
  lastGone: -1,
  sealedAt: undefined,
  sealing: undefined,
})

/** The log of that name, made if there is none yet. */
export function logOf(group: Group, name: string): Log {
  const log = group.logs.get(name) ?? createLog(group, name)
  group.logs.set(name, log)
  return log
}

/** The oldest position that may still be read; nothing of a dropped group may. */
export const floorOf = ({ group, trimmedBefore }: Log, now: number): Position =>
  group.dropped ? Number.POSITIVE_INFINITY : Math.max(trimmedBefore, horizonOf(now, group.options))

/** The index of the first item for which `isBehind` holds; those for which it does not come first. */
export function firstIndex(count: number, isBehind: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBehind(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The row of the run in which `from` lies or would lie. */
export const rowAt = ({ segment, row, rows }: Run, from: Position): number =>
  row + Math.max(0, firstIndex(rows, (index) => segment.chunks.firsts[row + index]! > from) - 1)

/** The last position that a row of the run can hold. */
export const lastOfRow = ({ segment, row, rows, last }: Run, at: number): Position =>
  at + 1 < row + rows ? segment.chunks.firsts[at + 1]! - 1 : last
