import type { Random } from '../../../clock/random.ts'
import { soon } from '../../../clock/soon.ts'
import {
  type EngineError,
  type EngineProblems,
  isEngineError,
  type Position,
  type Slice,
} from '../../ports/engine.ts'
import { createPositions } from '../../shared/log-rules.ts'
import type { Deletions } from '../files/deletions.ts'
import { writeFully } from '../files/durable-file.ts'
import type { OpenFiles } from '../files/open-files.ts'
import type { Catalog } from './catalog.ts'
import { type Commit, createCommitQueue } from './commit-queue.ts'
import { walNumberOf, walPath } from './file-names.ts'
import { encodeFrame, frameSizeOf, MARKER_BYTES } from './frame.ts'
import type { LogManifest } from './log-manifest.ts'
import type { Log } from './log-state.ts'
import { createMaintenance, type UnsealedWal } from './maintenance.ts'
import { readLog } from './reader.ts'
import { type FoundLog, verifySegment } from './recovery/inspect-log.ts'
import { emptyWal, recover, rowOf } from './recovery/recover.ts'
import { createSegmentDamage } from './segments/chunks.ts'
import { createWal, HEAD_BYTES, type Wal } from './wal.ts'

const WAL_BYTES = 32 * 2 ** 20
const MOST_WAITING_WALS = 2
/** What a loss within this time cannot show is not shown: docs/decisions/the-log.md. */
const NOTE_EVERY_MS = 1000

/** The write-ahead log that is written to. */
interface Current {
  readonly wal: Wal
  readonly contents: UnsealedWal
}

export interface SharedLogOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly manifest: LogManifest
  readonly problems: EngineProblems
  readonly deletions: Deletions
  readonly now: () => number
  readonly random: Random
  readonly admit: (bytes: number) => Promise<EngineError | undefined>
  readonly onReadable: (log: Log) => void
  readonly onError: (error: unknown) => void
  /** When a write-ahead log is full. */
  readonly walBytes?: number
  /** Closed with the log. */
  readonly files: OpenFiles
  /** The files that were found. */
  readonly found: FoundLog
  /** Something is missing, here or elsewhere. */
  readonly isIncomplete: boolean
}

/**
 * One log for all logs: every append goes to the end of one file, so that one sync makes all of them durable.
 * A full file is rewritten in the order of its logs, so that reading one of them reads its own bytes only.
 */
export async function openSharedLog(options: SharedLogOptions) {
  const {
    folder,
    catalog,
    manifest,
    files,
    problems,
    isIncomplete,
    now,
    random,
    admit,
    onReadable,
    onError,
  } = options
  const { walBytes = WAL_BYTES } = options
  const damage = createSegmentDamage(problems)
  const closeFiles = async (error: unknown): Promise<never> => {
    await files.close()
    throw error
  }
  const onSuspect = (message: string) => onError(new Error(message))
  const recovered = await recover({ ...options, onSuspect }).catch(closeFiles)
  const positions = createPositions(now, recovered.last)
  let tip = recovered.last

  /** It is not written to before the manifest knows it; how far the one before it goes is noted with it. */
  const startWal = async (number: number, sizeBytes: number, before: Current | undefined) => {
    const path = walPath(folder, number)
    const floor = positions.last()
    const wal = await createWal(path, { marker: random.bytes(MARKER_BYTES), floor, sizeBytes })
    const started: Current = { wal, contents: emptyWal(number, path, floor) }
    const noted = [started, ...(before ? [before] : [])]
    await manifest.change({
      wals: new Map(noted.map((one) => [one.contents.number, rowOf(one.wal, one.contents)])),
    })
    return started
  }
  const startOrGoOn = async () => {
    if (!recovered.newest) return await startWal(recovered.nextNumber, walBytes, undefined)
    const { wal, contents } = recovered.newest
    await manifest.change({ wals: new Map([[contents.number, rowOf(wal, contents)]]) })
    return recovered.newest
  }
  let current: Current = await startOrGoOn().catch(closeFiles)
  /** So that a start can tell what is lost from what was never acknowledged. */
  const noteEnd = async () => {
    const { wal, contents } = current
    await manifest.change({ wals: new Map([[contents.number, rowOf(wal, contents)]]) })
  }
  const notes = soon(NOTE_EVERY_MS, () => {
    noting = noteEnd().catch((error) => {
      if (!isEngineError(error, 'StorageFull')) onError(error)
    })
  })
  let noting: Promise<void> | undefined

  const publish = ({ log, block }: Commit, stored: Parameters<Log['tail']['push']>[0]) => {
    const { contents } = current
    if (block.kind === 'seal') {
      log.sealedAt = block.first
      contents.seals.add(log)
    } else {
      if (contents.entries === 0) contents.first = block.first
      contents.entries += block.entries.length
      log.last = block.first + block.entries.length - 1
      if (!log.group.dropped) log.tail.push(stored)
      contents.logs.add(log)
    }
    contents.last = Math.max(block.first, log.last)
    tip = contents.last
    onReadable(log)
  }
  const roll = async (frameBytes: number) => {
    const { wal, contents } = current
    current = await startWal(contents.number + 1, Math.max(walBytes, HEAD_BYTES + frameBytes), current)
    await wal.handle.close()
    await maintenance.takeFull(contents, MOST_WAITING_WALS)
  }
  const queue = createCommitQueue({
    admit,
    async write(group) {
      const blocks = group.map(({ block }) => block)
      const frameBytes = frameSizeOf(blocks)
      if (current.wal.end + frameBytes > current.wal.sizeBytes) await roll(frameBytes)
      const { wal } = current
      const { frame, stored } = encodeFrame(wal.marker, blocks)
      await writeFully(wal.handle, frame, wal.end)
      await wal.handle.datasync()
      wal.end += frame.length
      for (const [index, commit] of group.entries()) publish(commit, stored[index]!)
      notes.ask()
    },
  })
  const maintenance = createMaintenance({
    folder,
    catalog,
    manifest,
    files,
    damage,
    deletions: options.deletions,
    segments: recovered.segments,
    now,
    onFailure(error) {
      queue.stop(error)
      onError(error)
    },
  })
  for (const wal of recovered.unsealed) void maintenance.takeFull(wal, Number.POSITIVE_INFINITY)
  // What is left of a damaged file is in no other until it is a segment.
  if (isIncomplete) await maintenance.idle()
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
      readLog({ files, damage }, log, from, limits),
    /** What is verified may be given back meanwhile: then nobody minds. */
    async verifyNext(after: number): Promise<{ number: number; bytes: number } | undefined> {
      const all = maintenance.segments()
      const [segment] = [...all].filter(({ number }) => number > after).sort((a, b) => a.number - b.number)
      if (!segment) return undefined
      await verifySegment(segment, files, (run, row) => {
        if (all.has(segment)) damage.found(run, row)
      }).catch((error) => {
        if (all.has(segment)) throw error
      })
      return { number: segment.number, bytes: segment.sizeBytes }
    },
    /** The last durable position of all logs. */
    tip: (): Position => tip,
    /** So far a file of the log's folder is written and synced; undefined for those that are complete. */
    endOf(name: string): number | undefined {
      const number = walNumberOf(name)
      const { wal, contents } = current
      if (number === undefined || number < contents.number) return undefined
      return number === contents.number ? wal.end : HEAD_BYTES
    },
    failure: queue.failure,
    maintenance,
    async close(): Promise<void> {
      await queue.drain()
      notes.stop()
      await noting
      await maintenance.close()
      if (!queue.failure()) await noteEnd()
      await current.wal.handle.close()
      await files.close()
    },
  }
}

export type SharedLog = Awaited<ReturnType<typeof openSharedLog>>
