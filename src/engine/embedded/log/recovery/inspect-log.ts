import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Position } from '../../../ports/engine.ts'
import type { Loss } from '../../data-folder-error.ts'
import { isErrno } from '../../files/durable-file.ts'
import type { OpenFiles } from '../../files/open-files.ts'
import type { Catalog } from '../catalog.ts'
import { isLogFile, segmentPath, walPath, whereOf } from '../file-names.ts'
import {
  describe,
  type Holdings,
  holdingsOf,
  type LogManifest,
  type SegmentRow,
  type WalRow,
} from '../log-manifest.ts'
import type { Log, Segment } from '../log-state.ts'
import { createSegmentDamage, isWholeChunk, readChunks } from '../segments/chunks.ts'
import { adoptSegment, readIndex, type SegmentIndex } from '../segments/segment-index.ts'
import { type Gap, readWal, type ScannedWal } from '../wal.ts'

interface Found<Row> {
  readonly number: number
  readonly path: string
  readonly row: Row
  /** The file is there. */
  readonly isThere: boolean
  readonly loss?: Loss
}
export interface FoundSegment extends Found<SegmentRow> {
  /** Absent when it is lost. */
  readonly index?: SegmentIndex
}
export interface FoundWal extends Found<WalRow> {
  /** Absent when nothing in it can be read. */
  readonly scanned?: ScannedWal
}

export interface FoundLog {
  /** Rising. */
  readonly segments: readonly FoundSegment[]
  /** Rising. */
  readonly wals: readonly FoundWal[]
  /** Names that the manifest does not know. */
  readonly unknown: readonly string[]
}

interface InspectOptions {
  readonly folder: string
  readonly manifest: Pick<LogManifest, 'wals' | 'segments'>
  readonly files: OpenFiles
  /** Names a log that was found. */
  readonly found: (groupId: number, name: string) => Log
}

export const lossesOf = ({ segments, wals }: FoundLog): Loss[] =>
  [...segments, ...wals].flatMap(({ loss }) => loss ?? [])

/** Compares what is there with what must be there; changes nothing. */
export async function inspectLog({ folder, manifest, files, found }: InspectOptions): Promise<FoundLog> {
  const names = new Set((await namesIn(folder)).filter(isLogFile))
  const segments: FoundSegment[] = []
  for (const [number, row] of manifest.segments()) {
    const path = segmentPath(folder, number, row.generation)
    const isThere = names.delete(basename(path))
    segments.push({ number, path, row, isThere, ...(await inspectSegment(path, row, isThere, files)) })
  }
  const wals: FoundWal[] = []
  for (const [number, row] of manifest.wals()) {
    const path = walPath(folder, number)
    const isThere = names.delete(basename(path))
    wals.push({ number, path, row, isThere, ...(await inspectWal(path, row, isThere, found)) })
  }
  return { segments, wals, unknown: [...names] }
}

/** None when even the folder is missing. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}

async function inspectSegment(
  path: string,
  row: SegmentRow,
  isThere: boolean,
  files: OpenFiles,
): Promise<{ index?: SegmentIndex; loss?: Loss }> {
  const lost = (what: string) => ({ loss: { where: whereOf(path), what: `${what}: ${describe(row.holds)}` } })
  if (!isThere) return lost('is missing')
  try {
    const index = await files.read(path, (handle) => readIndex(handle, path))
    if (index.sizeBytes !== row.sizeBytes)
      return lost(`has ${index.sizeBytes} bytes instead of ${row.sizeBytes}`)
    if (index.indexCrc !== row.indexCrc) return lost('is not the file that was written')
    return { index }
  } catch (error) {
    return lost(`cannot be read (${(error as Error).message})`)
  }
}

async function inspectWal(
  path: string,
  row: WalRow,
  isThere: boolean,
  found: InspectOptions['found'],
): Promise<{ scanned?: ScannedWal; loss?: Loss }> {
  const lost = (what: string, holds: Holdings, entries?: number) => ({
    where: whereOf(path),
    what: `${what}: ${describe(holds, entries)}`,
  })
  if (!isThere) return { loss: lost('is missing', row.holds) }
  const marker = row.marker === undefined ? undefined : Buffer.from(row.marker, 'hex')
  let read: Awaited<ReturnType<typeof readWal>>
  try {
    read = await readWal(path, { marker, end: row.end, isCut: row.isCut, floor: row.holds.last })
  } catch (error) {
    if (!isErrno(error, 'EIO', 'EISDIR', 'EACCES')) throw error
    return { loss: lost(`cannot be read (${(error as Error).message})`, row.holds) }
  }
  const { sizeBytes, scanned } = read
  if (!scanned) return { loss: lost('is damaged at byte 0', row.holds) }
  const isShort = sizeBytes < row.sizeBytes
  if (scanned.gaps.length === 0 && !isShort) return { scanned }
  const what = [
    ...(isShort ? [`has ${sizeBytes} bytes instead of ${row.sizeBytes}`] : []),
    ...scanned.gaps.map(({ from, to }) => `is damaged from byte ${from} to ${to}`),
  ].join(', ')
  const { holds, entries } = lostIn(scanned, row, found)
  return { scanned, loss: lost(what, holds, entries) }
}

/** What the gaps held: by their bytes, where these still tell; else by what the row says that the file held. */
function lostIn(
  { blocks, gaps }: ScannedWal,
  { holds }: WalRow,
  found: InspectOptions['found'],
): { holds: Holdings; entries: number | undefined } {
  const kept = blocks.filter(({ first }) => first <= holds.last).reduce((sum, { count }) => sum + count, 0)
  const counted = holds.entries === undefined ? undefined : Math.max(0, holds.entries - kept)
  const apparent = gaps.flatMap((gap) => gap.blocks)
  if (apparent.length === 0 || !gaps.every(isTold)) return { holds, entries: counted }
  const logs = new Set(apparent.map(({ groupId, log }) => found(groupId, log)))
  const last = Math.max(...apparent.map(({ first, count }) => lastOf(first, count)))
  const entries = apparent.reduce((sum, { count }) => sum + count, 0)
  return { holds: holdingsOf(logs, { first: apparent[0]!.first, last, entries }), entries }
}

const isTold = ({ blocks }: Gap): boolean => blocks.length > 0

export const lastOf = (first: Position, count: number): Position => first + Math.max(0, count - 1)

/** Reads every record in the segments, whose indexes are whole; what lies in damaged places, by name. */
export async function verifyLog(
  { segments }: Pick<FoundLog, 'segments'>,
  files: OpenFiles,
  found: Catalog['found'],
): Promise<Loss[]> {
  const losses = new Map<string, Loss>()
  const damage = createSegmentDamage({
    report: ({ where, what }) => losses.set(where, { where, what }),
    solved: () => undefined,
  })
  for (const segment of segments)
    if (segment.index)
      await verifySegment(adoptSegment(segment, segment.index, found), files, (run, row) =>
        damage.found(run, row),
      )
  return [...losses.values()]
}

/** Tells of every row that is not what was written; lets everybody else have a turn between chunks. */
export async function verifySegment(
  segment: Segment,
  files: OpenFiles,
  damaged: (run: Segment['runs'][number], row: number) => void,
): Promise<void> {
  for (const run of segment.runs)
    for (let row = run.row; row < run.row + run.rows; row++) {
      const [chunk = Buffer.alloc(0)] = await readChunks(files, segment, row, row + 1)
      if (!isWholeChunk(segment, row, chunk)) damaged(run, row)
      await nextTurn()
    }
}
