import { EngineError, type LogId, type LogStore, type Position } from '../../ports/engine.ts'
import type { Gate } from '../../shared/gate.ts'
import { appendBytesOf, checkLogName, LOG_LIMITS, positionAt } from '../../shared/log-rules.ts'
import type { Waiters } from '../../shared/waiters.ts'
import type { Catalog } from './catalog.ts'
import { createLog, floorOf, keyOf, type Log, logOf } from './log-state.ts'
import { readableBytesOf } from './segments/readable-bytes.ts'
import type { SharedLog } from './shared-log.ts'

interface EmbeddedLogsOptions {
  readonly log: SharedLog
  readonly catalog: Catalog
  readonly now: () => number
  readonly gate: Gate
  readonly waiters: Waiters
}

/** The port's words on the shared log. */
export function createEmbeddedLogs({
  log: shared,
  catalog,
  now,
  gate,
  waiters,
}: EmbeddedLogsOptions): LogStore {
  const { logFor, find } = createFinder(catalog)
  const sealOnce = (log: Log) => {
    // Known twice when it is answered: a shard whose end is lost would be waited for for ever.
    log.sealing ??= shared
      .seal(log)
      .then(async (position) => {
        await catalog.mark(new Set([log]))
        return position
      })
      .finally(() => {
        log.sealing = undefined
      })
    return log.sealing
  }

  return {
    limits: LOG_LIMITS,
    ensureGroup: (name, options) =>
      gate.run(async () => {
        const before = catalog.group(name)?.options
        await catalog.ensure(checkLogName(name), options)
        if (before && options.retentionMs < before.retentionMs) shared.maintenance.reclaim()
      }),
    dropGroup: (name) =>
      gate.run(async () => {
        await catalog.drop(name)
        waiters.wakeAll()
        shared.maintenance.reclaim()
      }),
    append: (id, entries) =>
      gate.run(async () => {
        const bytes = appendBytesOf(entries)
        const log = logFor(id)
        if (log.sealing || log.sealedAt !== undefined)
          throw new EngineError('LogSealed', `${id.group}/${id.log} is sealed`)
        return { first: await shared.append(log, entries, bytes) }
      }),
    read: (id, from, limits) =>
      gate.run(async () => {
        const log = find(id)
        const floor = floorOf(log, now())
        const slice = await shared.read(log, Math.max(from, floor), limits)
        return from < floor && (await isFilled(shared, log, { from, to: floor }))
          ? { ...slice, skipped: true }
          : slice
      }),
    async wait(id, from, signal) {
      gate.check()
      const log = find(id)
      if (log.last >= from || log.sealedAt !== undefined) return
      await waiters.wait(keyOf(log.group, log.name), signal)
    },
    seek: (id, at) =>
      gate.run(() => {
        const floor = floorOf(find(id), now())
        if (at === 'oldest') return floor
        return at === 'newest' ? shared.tip() + 1 : Math.max(floor, positionAt(at.time))
      }),
    seal: (id) =>
      gate.run(() => {
        const log = logFor(id)
        return log.sealedAt ?? sealOnce(log)
      }),
    trim: (id, before) =>
      gate.run(async () => {
        const log = logFor(id)
        if (before <= log.trimmedBefore) return
        log.trimmedBefore = before
        await catalog.mark(new Set([log]))
      }),
    bytesOf: (name) => readableBytesOf(catalog.group(name)?.logs.values() ?? [], now()),
  }
}

/** The logs of those groups that there are. */
function createFinder(catalog: Catalog) {
  const groupOf = (name: string) => {
    const group = catalog.group(name)
    if (!group) throw new EngineError('NoSuchGroup', `there is no group ${name}`)
    return group
  }
  /** To be written to. */
  const logFor = ({ group, log }: LogId) => logOf(groupOf(group), checkLogName(log))
  /** To be read: reading makes no log. */
  const find = ({ group: groupName, log: name }: LogId) => {
    const group = groupOf(groupName)
    return group.logs.get(name) ?? createLog(group, name)
  }
  return { logFor, find }
}

/** Whether there are, or were as long as this process knows, entries from one position to before another. */
async function isFilled(
  shared: SharedLog,
  log: Log,
  { from, to }: { readonly from: Position; readonly to: Position },
): Promise<boolean> {
  if (log.lastGone >= from) return true
  const { entries } = await shared.read(log, from, { entries: 1, bytes: 1 })
  return entries.length > 0 && entries[0]!.position < to
}
