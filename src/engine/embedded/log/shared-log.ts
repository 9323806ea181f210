import { soon } from '../../../clock/machine-time.ts'
import type { Random } from '../../../clock/random.ts'
import {
  type EngineError,
  type EngineProblems,
  isEngineError,
  type Position,
  type Slice,
} from '../../ports/engine.ts'
import { createPositions, type Positions } from '../../shared/log-rules.ts'
import type { Deletions } from '../files/deletions.ts'
import type { OpenFiles } from '../files/open-files.ts'
import type { Room } from '../files/room.ts'
import type { Catalog } from './catalog.ts'
import { type Commit, type CommitQueue, createCommitQueue } from './commit-queue.ts'
import { openCurrentWal } from './current-wal.ts'
import { frameSizeOf, type StoredBlock } from './frame.ts'
import type { LogManifest } from './log-manifest.ts'
import type { Log, Segment } from './log-state.ts'
import { createMaintenance, type UnsealedWal } from './maintenance.ts'
import { readLog } from './reader.ts'
import { type FoundLog, verifySegment } from './recovery/inspect-log.ts'
import { recover } from './recovery/recover.ts'
import { createSegmentDamage, type SegmentReading } from './segments/chunks.ts'

const WAL_BYTES = 32 * 2 ** 20
const MOST_WAITING_WALS = 2
/** What a loss within this time cannot show is not shown: docs/decisions/the-log.md. */
const NOTE_EVERY_MS = 1000

export interface SharedLogOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly manifest: LogManifest
  readonly problems: EngineProblems
  readonly deletions: Deletions
  readonly now: () => number
  readonly random: Random
  readonly room: Pick<Room, 'admit' | 'met'>
  readonly onReadable: (log: Log) => void
  readonly onError: (error: unknown) => void
  /** Nothing is written any more, until a restart. */
  readonly onStopped: (failure: EngineError) => void
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
  const { files, room, onError, walBytes = WAL_BYTES } = options
  const damage = createSegmentDamage(options.problems)
  const { recovered, positions, current } = await goOn(options).catch(async (error) => {
    await files.close()
    throw error
  })
  let tip = recovered.last
  const notes = noteNowAndThen(current.noteEnd, onError)
  const write = async (group: readonly Commit[]) => {
    const blocks = group.map(({ block }) => block)
    const frameBytes = frameSizeOf(blocks)
    const full = current.hasRoom(frameBytes) ? undefined : await current.roll(frameBytes)
    if (full) await maintenance.takeFull(full, MOST_WAITING_WALS)
    const stored = await current.write(blocks)
    for (const [index, commit] of group.entries()) {
      tip = publish(current.contents(), commit, stored[index]!)
      options.onReadable(commit.log)
    }
    notes.ask()
  }
  const stop = (error: unknown) => {
    queue.stop(error)
    options.onStopped(queue.failure()!)
  }
  const queue = createCommitQueue({
    admit: room.admit,
    write: (group) =>
      write(group).catch(async (error) => {
        const refusal = await room.met(error)
        if (!refusal) stop(error)
        throw refusal ?? error
      }),
  })
  const maintenance = createMaintenance({
    ...{ ...options, walBytes, damage, segments: recovered.segments },
    onFailure(error) {
      stop(error)
      onError(error)
    },
  })
  for (const wal of recovered.unsealed) void maintenance.takeFull(wal, Number.POSITIVE_INFINITY)
  // What is left of a damaged file is in no other until it is a segment.
  if (options.isIncomplete) await maintenance.idle()
  maintenance.reclaim()

  return {
    ...writesTo(queue, positions),
    read: (log: Log, from: Position, limits: { entries: number; bytes: number }): Promise<Slice> =>
      readLog({ files, damage }, log, from, limits),
    verifyNext: (after: number) => verifyNext({ files, damage }, maintenance.segments(), after),
    /** The last durable position of all logs. */
    tip: (): Position => tip,
    /** So far a file of the log's folder is written and synced; undefined for those that are complete. */
    endOf: current.endOf,
    failure: queue.failure,
    /** Of all of its files, about: those that wait to become segments are taken to be of the usual size. */
    sizeBytes: (): number => current.sizeBytes() + maintenance.sizeBytes(),
    maintenance,
    async close(): Promise<void> {
      await queue.drain()
      await notes.stop()
      await maintenance.close()
      if (!queue.failure()) await current.noteEnd().catch(unlessFull)
      await current.close()
      await files.close()
    },
  }
}

function writesTo({ push }: Pick<CommitQueue, 'push'>, positions: Positions) {
  return {
    /** Resolves with the first entry's position when all are durable. Calls keep their order. */
    async append(log: Log, entries: readonly Uint8Array[], bytes: number): Promise<Position> {
      const first = positions.take(entries.length)
      const block = { groupId: log.group.id, log: log.name, kind: 'entries', first, entries } as const
      if (entries.length > 0) await push({ log, block, bytes })
      return first
    },
    async seal(log: Log): Promise<Position> {
      const first = positions.take(1)
      const block = { groupId: log.group.id, log: log.name, kind: 'seal', first, entries: [] } as const
      await push({ log, block, bytes: 0 })
      return first
    },
  }
}

/** With what was there, and a write-ahead log to be written to. */
async function goOn(options: SharedLogOptions) {
  const { folder, manifest, deletions, now, random, onError, walBytes = WAL_BYTES } = options
  const recovered = await recover({ ...options, onSuspect: (message) => onError(new Error(message)) })
  const positions = createPositions(now, recovered.last)
  const current = await openCurrentWal({
    ...{ folder, manifest, deletions, random, walBytes, recovered },
    lastPosition: positions.last,
  })
  return { recovered, positions, current }
}

/** What is durable can be read from now on; its position. */
function publish(contents: UnsealedWal, { log, block }: Commit, stored: StoredBlock): Position {
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
  return contents.last
}

/** A disk without room is said by who knows of it; without the note the next start only looks longer. */
function unlessFull(error: unknown): void {
  if (!isEngineError(error, 'StorageFull')) throw error
}

/** What is asked for again within a second is noted once; what the disk has no room for is noted another time. */
function noteNowAndThen(noteEnd: () => Promise<void>, onError: (error: unknown) => void) {
  let noting: Promise<void> | undefined
  const notes = soon(NOTE_EVERY_MS, () => {
    noting = noteEnd().catch(unlessFull).catch(onError)
  })
  return {
    ask: notes.ask,
    async stop(): Promise<void> {
      notes.stop()
      await noting
    },
  }
}

/** What is verified may be given back meanwhile: then nobody minds. */
async function verifyNext(
  { files, damage }: SegmentReading,
  all: ReadonlySet<Segment>,
  after: number,
): Promise<{ number: number; bytes: number } | undefined> {
  const [segment] = [...all].filter(({ number }) => number > after).sort((a, b) => a.number - b.number)
  if (!segment) return undefined
  await verifySegment(segment, files, (run, row) => {
    if (all.has(segment)) damage.found(run, row)
  }).catch((error) => {
    if (all.has(segment)) throw error
  })
  return { number: segment.number, bytes: segment.sizeBytes }
}

export type SharedLog = Awaited<ReturnType<typeof openSharedLog>>
