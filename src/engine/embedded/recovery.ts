import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Position } from '../engine.ts'
import type { Catalog } from './catalog.ts'
import { segmentPath, sortLogFiles, walPath } from './log-files.ts'
import type { UnsealedWal } from './maintenance.ts'
import type { OpenFiles } from './open-files.ts'
import type { Segment } from './segment.ts'
import { readIndex } from './segment-index.ts'
import { readWal, reopenWal, type ScannedWal, type Wal } from './wal.ts'

export interface Recovered {
  readonly segments: readonly Segment[]
  readonly unsealed: readonly UnsealedWal[]
  /** The newest file, open for more; absent in a new folder. */
  readonly newest?: { readonly wal: Wal; readonly contents: UnsealedWal }
  /** Free for another file. */
  readonly nextNumber: number
  /** No position up to here may be given again. */
  readonly last: Position
}

interface RecoveryOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly files: OpenFiles
  readonly onSuspect: (message: string) => void
}

/** Reads the segments' indexes, replays the write-ahead logs, and takes away what a crash has left over. Throws Damaged. */
export async function recover({ folder, catalog, files, onSuspect }: RecoveryOptions): Promise<Recovered> {
  const { segments: numbers, wals, leftover } = sortLogFiles(await readdir(folder))
  for (const name of leftover) await rm(join(folder, name))
  let last: Position = 0
  const segments: Segment[] = []
  for (const { number, generation } of numbers) {
    const segment = await loadSegment({ path: segmentPath(folder, number, generation), number, generation })
    for (const run of segment.runs) last = Math.max(last, run.last)
    segments.push(segment)
  }
  const unsealed: UnsealedWal[] = []
  let newest: Recovered['newest']
  for (const number of wals) {
    const path = walPath(folder, number)
    const isNewest = number === wals.at(-1)
    const scanned = await readWal(path, isNewest)
    if (!scanned) {
      await rm(path)
      continue
    }
    const contents = replay(number, path, scanned, catalog)
    last = Math.max(last, contents.last)
    if (!isNewest) unsealed.push(contents)
    else {
      if (scanned.isSuspect)
        onSuspect(`${path}: the last commit, at byte ${scanned.end}, is whole but damaged; it is cut off`)
      newest = { wal: await reopenWal(path, scanned), contents }
    }
  }
  const nextNumber = 1 + Math.max(0, wals.at(-1) ?? 0, numbers.at(-1)?.number ?? 0)
  return { segments, unsealed, ...(newest && { newest }), nextNumber, last }

  async function loadSegment(target: Pick<Segment, 'path' | 'number' | 'generation'>): Promise<Segment> {
    const { runs, chunks } = await files.read(target.path, (handle) => readIndex(handle, target.path))
    const segment: Segment = { ...target, runs: [], chunks }
    let row = 0
    for (const { groupId, log: name, last, rows } of runs) {
      const log = catalog.found(groupId, name)
      const run = { log, segment, row, rows, last }
      segment.runs.push(run)
      log.runs.push(run)
      log.last = Math.max(log.last, last)
      row += rows
    }
    return segment
  }
}

function replay(number: number, path: string, { floor, blocks }: ScannedWal, catalog: Catalog): UnsealedWal {
  const contents: UnsealedWal = { number, path, logs: new Set(), seals: new Set(), last: floor }
  for (const { groupId, log: name, kind, first, count, frame, at } of blocks) {
    const log = catalog.found(groupId, name)
    contents.last = Math.max(contents.last, kind === 'seal' ? first : first + count - 1)
    if (log.group.dropped) continue
    if (kind === 'seal') {
      log.sealedAt = first
      contents.seals.add(log)
    } else {
      log.tail.push({ first, count, frame, at })
      log.last = first + count - 1
      contents.logs.add(log)
    }
  }
  return contents
}
