import type { RootDatabase } from 'lmdb'
import { maybe, number, shape } from '../../ports/checks.ts'
import { FOREVER_MS, type GroupOptions } from '../../ports/engine.ts'
import { transact } from '../metadata/database.ts'
import { GROUP_COUNT, numberKey, type Rows } from '../metadata/rows.ts'
import { createLog, type Group, type Log, logOf } from './log-state.ts'

interface GroupRow extends GroupOptions {
  readonly id: number
}
interface Mark {
  readonly trimmedBefore: number
  readonly sealedAt?: number
}

export const groupRow = shape<GroupRow>({ id: number, retentionMs: number, readableFrom: maybe(number) })
const markRow = shape<Mark>({ trimmedBefore: number, sealedAt: maybe(number) })

export const GROUPS = 'group/'
const MARKS = 'mark/'
export const groupKey = (name: string): string => `${GROUPS}${name}`
const marksOf = (groupId: number): string => `${MARKS}${numberKey(groupId)}/`
export const markKey = (groupId: number, log: string): string => `${marksOf(groupId)}${log}`

/** How long former versions kept what waits for delivery, delivered or not. */
const FORMER_WAIT = { groups: 'firehose/', retentionMs: 7 * 86_400_000 }

/** Before anything is given back: what waits for delivery does so until it is delivered. */
const optionsNow = (name: string, { id: _id, ...options }: GroupRow): GroupOptions =>
  name.startsWith(FORMER_WAIT.groups) && options.retentionMs === FORMER_WAIT.retentionMs
    ? { ...options, retentionMs: FOREVER_MS }
    : options

/** Which groups there are, and what is known of their logs beside their entries. Small, so it is all in memory too. */
export function openCatalog(root: RootDatabase, rows: Rows) {
  const groups = new Map<string, Group>()
  const byId = new Map<number, Group>()

  const remember = (name: string, row: GroupRow) => {
    const { id } = row
    const group: Group = { id, name, options: optionsNow(name, row), dropped: false, logs: new Map() }
    groups.set(name, group)
    byId.set(id, group)
  }
  for (const [key, row] of rows.list(GROUPS, groupRow)) remember(key.slice(GROUPS.length), row)
  for (const [key, mark] of rows.list(MARKS, markRow)) {
    const nameAt = marksOf(0).length
    const group = byId.get(Number.parseInt(key.slice(MARKS.length, nameAt), 10))
    if (group) Object.assign(logOf(group, key.slice(nameAt)), mark)
  }

  return {
    group: (name: string): Group | undefined => groups.get(name),
    /** Of a log that was found on disk; that of a group long dropped belongs to no group any more. */
    found(groupId: number, name: string): Log {
      const group = byId.get(groupId)
      if (group) return logOf(group, name)
      return createLog(
        { id: groupId, name: '', options: { retentionMs: 0 }, dropped: true, logs: new Map() },
        name,
      )
    },
    async ensure(name: string, options: GroupOptions): Promise<void> {
      const before = groups.get(name)?.options
      if (before && isSame(before, options)) return
      const row = await transact(root, () => {
        const known = rows.get(groupKey(name), groupRow)
        const id = known?.id ?? (rows.get(GROUP_COUNT, number) ?? 0) + 1
        if (!known) rows.put(GROUP_COUNT, id)
        rows.put(groupKey(name), { id, ...options })
        return { id, ...options }
      })
      const group = groups.get(name)
      if (group?.id === row.id) group.options = options
      else remember(name, row)
    },
    async drop(name: string): Promise<void> {
      const group = groups.get(name)
      if (!group) return
      await transact(root, () => {
        if (rows.get(groupKey(name), groupRow)?.id !== group.id) return
        rows.remove(groupKey(name))
        for (const key of rows.keys(marksOf(group.id))) rows.remove(key)
      })
      group.dropped = true
      byId.delete(group.id)
      if (groups.get(name) === group) groups.delete(name)
      for (const log of group.logs.values()) log.tail = []
    },
    /** Keeps what is now known of these logs' seals and trims. */
    async mark(logs: ReadonlySet<Log>): Promise<void> {
      if (logs.size === 0) return
      await transact(root, () => {
        for (const { group, name, trimmedBefore, sealedAt } of logs)
          if (!group.dropped)
            rows.put(markKey(group.id, name), {
              trimmedBefore,
              ...(sealedAt !== undefined && { sealedAt }),
            })
      })
    },
  }
}

const isSame = (one: GroupOptions, other: GroupOptions): boolean =>
  one.retentionMs === other.retentionMs && one.readableFrom === other.readableFrom

export type Catalog = ReturnType<typeof openCatalog>
