import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Random } from '../../clock/random.ts'
import type { EngineError, Position, Slice } from '../engine.ts'
import { createPositions } from '../position.ts'
import type { Catalog } from './catalog.ts'
import { type Commit, createCommitQueue } from './commit-queue.ts'
import { syncFolder, writeFully } from './durable-file.ts'
import { encodeFrame, MARKER_BYTES } from './frame.ts'
import { walPath } from './log-files.ts'
import { readLog } from './log-reader.ts'
import type { Log } from './log-state.ts'
import { createMaintenance, type UnsealedWal } from './maintenance.ts'
import { createOpenFiles } from './open-files.ts'
import { recover } from './recovery.ts'
import { createWal, type Wal } from './wal.ts'

const WAL_BYTES = 32 * 2 ** 20
const MOST_WAITING_WALS = 2

export interface SharedLogOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly now: () => number
  readonly random: Random
  readonly admit: (bytes: number) => Promise<EngineError | undefined>
  readonly onReadable: (log: Log) => void
  readonly onError: (error: unknown) => void
  /** When a write-ahead log is full. */
  readonly walBytes?: number
}

/**
 * One log for all logs: every append goes to the end of one file, so that one sync makes all of them durable.
 * A full file is rewritten in the order of its logs, so that reading one of them reads its own bytes only.
 */
export async function openSharedLog(options: SharedLogOptions) {
  const { folder, catalog, now, random, admit, onReadable, onError, walBytes = WAL_BYTES } = options
  await mkdir(folder, { recursive: true })
  await syncFolder(dirname(folder))
  const files = createOpenFiles()
  const closeFiles = async (error: unknown): Promise<never> => {
    await files.close()
    throw error
  }
  const onSuspect = (message: string) => onError(new Error(message))
  const recovered = await recover({ folder, catalog, files, onSuspect }).catch(closeFiles)
  const positions = createPositions(now, recovered.last)
  let tip = recovered.last

  const startWal = async (number: number): Promise<{ wal: Wal; contents: UnsealedWal }> => {
    const path = walPath(folder, number)
    const floor = positions.last()
    const wal = await createWal(path, random.bytes(MARKER_BYTES), floor)
    return { wal, contents: { number, path, logs: new Set(), seals: new Set(), last: floor } }
  }
  let current = recovered.newest ?? (await startWal(recovered.nextNumber).catch(closeFiles))

  const publish = ({ log, block }: Commit, stored: Parameters<Log['tail']['push']>[0]) => {
    const { contents } = current
    if (block.kind === 'seal') {
      log.sealedAt = block.first
      contents.seals.add(log)
    } else {
      log.last = block.first + block.entries.length - 1
      if (!log.group.dropped) log.tail.push(stored)
      contents.logs.add(log)
    }
    contents.last = Math.max(block.first, log.last)
    tip = contents.last
    onReadable(log)
  }
  const roll = async () => {
    const { wal, contents } = current
    current = await startWal(contents.number + 1)
    await wal.handle.close()
    await maintenance.takeFull(contents, MOST_WAITING_WALS)
  }
  const queue = createCommitQueue({
    admit,
    async write(group) {
      if (current.wal.end >= walBytes) await roll()
      const { wal } = current
      const { frame, stored } = encodeFrame(
        wal.marker,
        group.map(({ block }) => block),
      )
      await writeFully(wal.handle, frame, wal.end)
      await wal.handle.datasync()
      wal.end += frame.length
      for (const [index, commit] of group.entries()) publish(commit, stored[index]!)
    },
  })
  const maintenance = createMaintenance({
    folder,
    catalog,
    files,
    segments: recovered.segments,
    now,
    onFailure(error) {
      queue.stop(error)
      onError(error)
    },
  })
  for (const wal of recovered.unsealed) void maintenance.takeFull(wal, Number.POSITIVE_INFINITY)
  maintenance.reclaim()

  return {
    /** Resolves with the first entry's position when all are durable. Calls keep their order. */
    async append(log: Log, entries: readonly Uint8Array[], bytes: number): Promise<Position> {
      const first = positions.take(entries.length)
      const block = { groupId: log.group.id, log: log.name, kind: 'entries', first, entries } as const
      if (entries.length > 0) await queue.push({ log, block, bytes })
      return first
    },
    async seal(log: Log): Promise<Position> {
      const first = positions.take(1)
      const block = { groupId: log.group.id, log: log.name, kind: 'seal', first, entries: [] } as const
      await queue.push({ log, block, bytes: 0 })
      return first
    },
    read: (log: Log, from: Position, limits: { entries: number; bytes: number }): Promise<Slice> =>
      readLog(files, log, from, limits),
    /** The last durable position of all logs. */
    tip: (): Position => tip,
    failure: queue.failure,
    maintenance,
    async close(): Promise<void> {
      await queue.drain()
      await maintenance.close()
      await current.wal.handle.close()
      await files.close()
    },
  }
}

export type SharedLog = Awaited<ReturnType<typeof openSharedLog>>
