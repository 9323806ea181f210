import type { Database, RootDatabase } from 'lmdb'
import type { GroupOptions } from '../engine.ts'
import { transact } from './database.ts'
import { createLog, type Group, type Log, logOf } from './log-state.ts'

interface GroupRow extends GroupOptions {
  readonly id: number
}
interface Mark {
  readonly trimmedBefore: number
  readonly sealedAt?: number
}

/** Which groups there are, and what is known of their logs beside their entries. Small, so it is all in memory too. */
export function openCatalog(root: RootDatabase) {
  const counters: Database<number, string> = root.openDB({ name: 'counters' })
  const groupRows: Database<GroupRow, string> = root.openDB({ name: 'groups' })
  const marks: Database<Mark, [number, string]> = root.openDB({ name: 'marks' })
  const groups = new Map<string, Group>()
  const byId = new Map<number, Group>()

  const remember = (name: string, { id, ...options }: GroupRow) => {
    const group: Group = { id, name, options, dropped: false, logs: new Map() }
    groups.set(name, group)
    byId.set(id, group)
  }
  for (const { key, value } of groupRows.getRange()) remember(key, value)
  for (const { key, value } of marks.getRange()) {
    const group = byId.get(key[0])
    if (group) Object.assign(logOf(group, key[1]), value)
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
      const row = await transact(root, () => {
        const known = groupRows.get(name)
        const id = known?.id ?? (counters.get('group') ?? 0) + 1
        if (!known) counters.put('group', id)
        groupRows.put(name, { id, ...options })
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
        if (groupRows.get(name)?.id !== group.id) return
        groupRows.remove(name)
        for (const key of [...marks.getKeys({ start: [group.id, ''], end: [group.id + 1, ''] })])
          marks.remove(key)
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
            marks.put([group.id, name], { trimmedBefore, ...(sealedAt !== undefined && { sealedAt }) })
      })
    },
  }
}

export type Catalog = ReturnType<typeof openCatalog>
