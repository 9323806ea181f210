import {
  EngineError,
  type GroupOptions,
  type LogEntry,
  type LogId,
  type LogStore,
  type Position,
  type Slice,
} from '../ports/engine.ts'
import type { Gate } from '../shared/gate.ts'
import { appendBytesOf, createPositions, horizonOf, LOG_LIMITS, positionAt } from '../shared/log-rules.ts'
import type { Waiters } from '../shared/waiters.ts'
import type { MemoryBudget } from './memory-budget.ts'

/** What an entry takes beside its data, about. */
const ENTRY_BYTES = 100

interface MemoryLog {
  entries: LogEntry[]
  sealedAt?: Position
  trimmedBefore: Position
  /** The last entry that was given back; -1 when none was. */
  lastGone: Position
}
interface MemoryGroup {
  options: GroupOptions
  readonly logs: Map<string, MemoryLog>
}
interface MemoryGroupsOptions {
  readonly now: () => number
  readonly budget: MemoryBudget
}

/** The groups and logs of a store, whoever opened it; without what has become too old where memory is short. */
export function createMemoryGroups({ now, budget }: MemoryGroupsOptions) {
  const positions = createPositions(now)
  /** Those who wait, of every opening. */
  const waiting = new Set<Waiters>()
  const groups = new Map<string, MemoryGroup>()
  const find = (id: LogId) => {
    const group = groups.get(id.group)
    if (!group) throw new EngineError('NoSuchGroup', `there is no group ${id.group}`)
    const log = group.logs.get(id.log) ?? { entries: [], trimmedBefore: 0, lastGone: -1 }
    group.logs.set(id.log, log)
    return { log, floor: floorOf(group, log) }
  }
  const floorOf = ({ options }: MemoryGroup, { trimmedBefore }: MemoryLog) =>
    Math.max(trimmedBefore, horizonOf(now(), options))
  const giveBack = (log: MemoryLog, floor: Position) => {
    const gone = indexOf(log.entries, floor)
    budget.give(bytesOf(log.entries.slice(0, gone)))
    log.lastGone = log.entries[gone - 1]?.position ?? log.lastGone
    log.entries = log.entries.slice(gone)
  }
  budget.onShortage(() => {
    for (const group of groups.values())
      for (const log of group.logs.values()) giveBack(log, floorOf(group, log))
  })
  return {
    ...{ groups, find, giveBack, positions, waiting },
    /** Of the entries that can be read. */
    bytesOf(name: string): number {
      const group = groups.get(name)
      if (!group) return 0
      let bytes = 0
      for (const log of group.logs.values())
        for (let index = indexOf(log.entries, floorOf(group, log)); index < log.entries.length; index++)
          bytes += log.entries[index]!.data.length
      return bytes
    },
    wake(key: string): void {
      for (const waiters of waiting) waiters.wake(key)
    },
  }
}

export type MemoryGroups = ReturnType<typeof createMemoryGroups>

interface MemoryLogsOptions {
  readonly shared: MemoryGroups
  readonly budget: MemoryBudget
  readonly gate: Gate
  readonly waiters: Waiters
}

export function createMemoryLogs({ shared, budget, gate, waiters }: MemoryLogsOptions): LogStore {
  const { groups, find, giveBack, positions, wake } = shared
  return {
    limits: LOG_LIMITS,
    ensureGroup: (name, options) =>
      gate.run(() => {
        const group = groups.get(name)
        if (group) group.options = options
        else groups.set(name, { options, logs: new Map() })
      }),
    dropGroup: (name) =>
      gate.run(() => {
        const group = groups.get(name)
        groups.delete(name)
        for (const [log, { entries }] of group?.logs ?? []) {
          budget.give(bytesOf(entries))
          wake(keyOf({ group: name, log }))
        }
      }),
    append: (id, entries) =>
      gate.run(() => {
        const bytes = appendBytesOf(entries) + entries.length * ENTRY_BYTES
        const { log } = find(id)
        if (log.sealedAt !== undefined) throw new EngineError('LogSealed', `${keyOf(id)} is sealed`)
        budget.take(bytes)
        const first = positions.take(entries.length)
        for (const [index, data] of entries.entries())
          log.entries.push({ position: first + index, data: Uint8Array.from(data) })
        wake(keyOf(id))
        return { first }
      }),
    read: (id, from, limits) =>
      gate.run(() => {
        const { log, floor } = find(id)
        const slice = sliceOf(log, Math.max(from, floor), limits)
        const isSkipped = log.lastGone >= from || indexOf(log.entries, from) < indexOf(log.entries, floor)
        return isSkipped ? { ...slice, skipped: true } : slice
      }),
    async wait(id, from, signal) {
      gate.check()
      const { log } = find(id)
      const last = log.entries.at(-1)?.position ?? -1
      if (last >= from || log.sealedAt !== undefined) return
      await waiters.wait(keyOf(id), signal)
    },
    seek: (id, at) =>
      gate.run(() => {
        const { floor } = find(id)
        if (at === 'oldest') return floor
        return at === 'newest' ? positions.last() + 1 : Math.max(floor, positionAt(at.time))
      }),
    seal: (id) =>
      gate.run(() => {
        const { log } = find(id)
        log.sealedAt ??= positions.take(1)
        wake(keyOf(id))
        return log.sealedAt
      }),
    trim: (id, before) =>
      gate.run(() => {
        const { log, floor } = find(id)
        log.trimmedBefore = Math.max(log.trimmedBefore, before)
        giveBack(log, Math.max(floor, before))
      }),
    bytesOf: shared.bytesOf,
  }
}

const bytesOf = (entries: readonly LogEntry[]): number =>
  entries.reduce((sum, { data }) => sum + data.length + ENTRY_BYTES, 0)

const keyOf = ({ group, log }: LogId) => `${group}/${log}`

/** The index of the first entry at or after `position`. */
function indexOf(entries: readonly LogEntry[], position: Position): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (entries[middle]!.position < position) low = middle + 1
    else high = middle
  }
  return low
}

function sliceOf(log: MemoryLog, from: Position, limits: { entries: number; bytes: number }): Slice {
  const start = indexOf(log.entries, from)
  let end = start
  for (let bytes = 0; end < log.entries.length && end - start < limits.entries; end++) {
    if (end > start && bytes >= limits.bytes) break
    bytes += log.entries[end]!.data.length
    if (end > start && bytes > limits.bytes) break
  }
  const entries = log.entries.slice(start, end)
  const atTip = end === log.entries.length
  const sealed = atTip && log.sealedAt !== undefined
  const next = entries.length > 0 ? entries.at(-1)!.position + 1 : from
  return { entries, next: sealed ? Math.max(next, log.sealedAt! + 1) : next, sealed, atTip }
}
