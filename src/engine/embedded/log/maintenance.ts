import { rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { EngineError, isEngineError, type Position } from '../../ports/engine.ts'
import type { Deletions } from '../files/deletions.ts'
import type { OpenFiles } from '../files/open-files.ts'
import { type Room, shortageMet } from '../files/room.ts'
import type { Catalog } from './catalog.ts'
import { segmentPath } from './file-names.ts'
import { holdingsOf, type LogManifest, type ManifestChange, type SegmentRow } from './log-manifest.ts'
import { firstIndex, type Log, type Segment } from './log-state.ts'
import type { SegmentDamage } from './segments/chunks.ts'
import { copyLive, lastGoneOf, verdictOf, writeTail } from './segments/reclaim.ts'
import { createSegmentWriter, type SegmentWriter } from './segments/segment-writer.ts'

/** A write-ahead log that has not become a segment yet: what it holds is in its logs' tails. */
export interface UnsealedWal {
  readonly number: number
  readonly path: string
  readonly logs: Set<Log>
  /** Those whose seal it holds. */
  readonly seals: Set<Log>
  entries: number
  first: Position
  last: Position
}

const LOGS_PER_TURN = 500

interface MaintenanceOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly manifest: LogManifest
  readonly files: OpenFiles
  readonly damage: SegmentDamage
  readonly segments: readonly Segment[]
  readonly deletions: Deletions
  readonly now: () => number
  readonly room: Pick<Room, 'met'>
  readonly onFailure: (error: unknown) => void
  /** What a write-ahead log takes that waits to become a segment. */
  readonly walBytes: number
}

/** The segments there are: made of full write-ahead logs, and made anew or given up when they have grown too old. */
function createSegments(options: MaintenanceOptions) {
  const { folder, catalog, manifest, files, damage, deletions, now } = options
  const segments = new Set(options.segments)
  const write = async (
    number: number,
    generation: number,
    fill: (writer: SegmentWriter) => Promise<void>,
  ) => {
    const writer = await createSegmentWriter({
      path: segmentPath(folder, number, generation),
      number,
      generation,
    })
    try {
      await fill(writer)
      return await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    }
  }
  const seal = async (wal: UnsealedWal) => {
    // Once the file is gone, the catalog alone knows which logs are closed.
    await catalog.mark(wal.seals)
    const segment = await write(wal.number, 0, async (writer) => {
      for await (const log of inTurns(wal.logs)) await writeTail(log, wal.last, writer, now())
    })
    const wals = new Map([[wal.number, undefined]])
    const segmentRows = segment && new Map([[wal.number, segmentRowOf(segment)]])
    await record(manifest, { wals, ...(segmentRows && { segments: segmentRows }) }, segment)
    for await (const run of inTurns(segment?.runs ?? [])) {
      cutTail(run.log, wal.last)
      run.log.runs.push(run)
    }
    for await (const log of inTurns(wal.logs)) cutTail(log, wal.last)
    if (segment) segments.add(segment)
    await deletions.run(() => files.discard(wal.path))
  }
  const replace = async (old: Segment, segment: Segment | undefined) => {
    const segmentRows = new Map([[old.number, segment && segmentRowOf(segment)]])
    await record(manifest, { segments: segmentRows }, segment)
    for (const run of old.runs) {
      run.log.lastGone = Math.max(run.log.lastGone, lastGoneOf(run, now()))
      run.log.runs = run.log.runs.filter((other) => other !== run)
    }
    // The segment's own runs, so that they are found when it is replaced in its turn.
    for (const run of segment?.runs ?? []) {
      run.log.runs.push(run)
      run.log.runs.sort((a, b) => a.last - b.last)
    }
    segments.delete(old)
    if (segment) segments.add(segment)
    damage.gone(old)
    await deletions.run(() => files.discard(old.path))
  }
  return {
    all: segments,
    sizeBytes: () => [...segments].reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0),
    seal,
    /** Gives back what can be read no more, if it is all or most of it. */
    async reclaim(segment: Segment): Promise<void> {
      const verdict = verdictOf(segment, now())
      if (verdict === 'drop') await replace(segment, undefined)
      else if (verdict === 'rewrite')
        await replace(
          segment,
          await write(segment.number, segment.generation + 1, (writer) =>
            copyLive(segment, { files, damage }, writer, now()),
          ),
        )
    },
  }
}

/** Said to the manifest; a file that there was no room to name is taken away again, for the room it takes. */
async function record(manifest: LogManifest, change: ManifestChange, segment: Segment | undefined) {
  try {
    await manifest.change(change)
  } catch (error) {
    if (segment && isEngineError(error, 'StorageFull')) await rm(segment.path, { force: true })
    throw error
  }
}

/** One thing at a time in the background: turns full write-ahead logs into segments, and gives disk back. */
export function createMaintenance(options: MaintenanceOptions) {
  const segments = createSegments(options)
  const full: UnsealedWal[] = []
  let [reclaimWanted, stopped] = [true, false]
  /** There is no room for another segment: only what takes none is done. */
  let isShort = false
  let progressed = () => {}

  /** Whether it was done; what a disk without room does not take is left as it was, for another time. */
  const unlessShort = async (work: Promise<void>): Promise<boolean> => {
    const shortage = await shortageMet(options.room, work)
    isShort ||= shortage !== undefined
    if (shortage) progressed()
    return !shortage
  }
  const canSeal = () => full.length > 0 && !isShort
  const reclaim = async () => {
    reclaimWanted = false
    for (const segment of segments.all) {
      if (stopped || canSeal()) {
        reclaimWanted = true
        return
      }
      await unlessShort(segments.reclaim(segment))
      await nextTurn()
    }
  }
  const hasWork = () => !stopped && (canSeal() || reclaimWanted)
  const step = async () => {
    if (!canSeal()) return await reclaim()
    if (!(await unlessShort(segments.seal(full[0]!)))) return
    full.shift()
    reclaimWanted = true
    progressed()
  }
  const background = createBackground({
    hasWork,
    step,
    onFailure(error) {
      stopped = true
      progressed()
      options.onFailure(error)
    },
  })

  return {
    /** Resolves once few enough wait to become segments; what they hold is in memory until then. */
    async takeFull(wal: UnsealedWal, mostWaiting: number): Promise<void> {
      full.push(wal)
      background.start()
      while (full.length > mostWaiting && !stopped && !isShort)
        await new Promise<void>((resolve) => (progressed = resolve))
    },
    /** Made of full write-ahead logs; they come and go. */
    segments: (): ReadonlySet<Segment> => segments.all,
    /** Of them, and of the write-ahead logs that wait to become some. */
    sizeBytes: (): number => full.length * options.walBytes + segments.sizeBytes(),
    /** There may be something to give back, or room for what waits. */
    reclaim(): void {
      isShort = false
      reclaimWanted = true
      background.start()
    },
    /** Resolves when nothing waits to become a segment. Rejects with StorageFull where there is no room for it. */
    async idle(): Promise<void> {
      while (full.length > 0 && !stopped && !isShort) await background.running()
      if (isShort && full.length > 0) throw noRoom(options.folder)
    },
    async close(): Promise<void> {
      stopped = true
      await background.running()
    },
  }
}

const noRoom = (folder: string) =>
  new EngineError('StorageFull', `the disk of ${folder} has no room to go on`)

interface BackgroundOptions {
  readonly hasWork: () => boolean
  readonly step: () => Promise<void>
  /**
   * What was being written is thrown away and the old files are still there: nothing is lost, but to go on would be to
   * trust a disk that has just failed.
   */
  readonly onFailure: (error: unknown) => void
}

/** Does one step after the other as long as there is work. */
function createBackground({ hasWork, step, onFailure }: BackgroundOptions) {
  let running: Promise<void> | undefined
  const run = async () => {
    try {
      while (hasWork()) await step()
    } catch (error) {
      onFailure(error)
    }
  }
  const start = () => {
    if (!hasWork()) return
    running ??= run().finally(() => {
      running = undefined
      start()
    })
  }
  return { start, running: () => running }
}

/** Lets everybody else have a turn now and then: a segment can hold hundreds of thousands of logs. */
async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  let count = 0
  for (const item of items) {
    if (++count % LOGS_PER_TURN === 0) await nextTurn()
    yield item
  }
}

function cutTail(log: Log, last: Position): void {
  log.tail = log.tail.slice(firstIndex(log.tail.length, (index) => log.tail[index]!.first > last))
}

export function segmentRowOf({
  generation,
  sizeBytes,
  indexCrc,
  runs,
  chunks,
  entries,
}: Segment): SegmentRow {
  const logs = new Set(runs.map(({ log }) => log))
  const first = runs.reduce((least, { row }) => Math.min(least, chunks.firsts[row]!), Number.MAX_SAFE_INTEGER)
  const last = runs.reduce((most, run) => Math.max(most, run.last), 0)
  const holds = holdingsOf(logs, { first, last, ...(entries !== undefined && { entries }) })
  return { generation, sizeBytes, indexCrc, holds }
}
