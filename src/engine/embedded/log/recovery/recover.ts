import { copyFile, link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Position } from '../../../ports/engine.ts'
import { isErrno, syncFolder } from '../../files/durable-file.ts'
import type { Catalog } from '../catalog.ts'
import { holdingsOf, type LogManifest, positionsOfALoss, type WalRow } from '../log-manifest.ts'
import type { Segment } from '../log-state.ts'
import type { UnsealedWal } from '../maintenance.ts'
import { adoptSegment } from '../segments/segment-index.ts'
import { reopenWal, type ScannedWal, type Wal } from '../wal.ts'
import { type FoundLog, lastOf, lossesOf } from './inspect-log.ts'

export interface Recovered {
  readonly segments: readonly Segment[]
  readonly unsealed: readonly UnsealedWal[]
  /** The newest file, open for more; absent when a new one is to be begun. */
  readonly newest?: { readonly wal: Wal; readonly contents: UnsealedWal }
  /** Free for another file. */
  readonly nextNumber: number
  /** No position up to here may be given again. */
  readonly last: Position
}

interface RecoveryOptions {
  readonly folder: string
  readonly catalog: Catalog
  readonly manifest: LogManifest
  /** What was found, whose losses are accepted. */
  readonly found: FoundLog
  /** Something is missing, here or elsewhere: files that nobody knows are left where they are. */
  readonly isIncomplete: boolean
  readonly onSuspect: (message: string) => void
}

/** Sets damaged files aside, takes away what a crash has left over, and replays the write-ahead logs. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { folder, catalog, found, isIncomplete, onSuspect } = options
  if (lossesOf(found).length > 0) await goOnWithout(options)
  if (!isIncomplete) for (const name of found.unknown) await rm(join(folder, name))

  const segments = found.segments.flatMap((segment) =>
    segment.index ? adoptSegment(segment, segment.index, catalog.found) : [],
  )
  const unsealed: UnsealedWal[] = []
  let newest: Recovered['newest']
  for (const { number, path, row, scanned, loss } of found.wals) {
    if (!scanned) continue
    const contents = replay(number, path, scanned, catalog)
    const isNewest = number === found.wals.at(-1)!.number
    if (isNewest && scanned.isSuspect)
      onSuspect(`${path}: the last commit, at byte ${scanned.end}, is whole but damaged; it is left out`)
    if (!isNewest || loss || row.isCut || scanned.isSuspect) unsealed.push(contents)
    else newest = { wal: await reopenWal(path, scanned), contents }
  }
  return {
    segments,
    unsealed,
    ...(newest && { newest }),
    nextNumber: 1 + Math.max(0, ...numbersOf(found)),
    last: Math.max(
      0,
      ...segments.flatMap(({ runs }) => runs.map((run) => run.last)),
      ...found.wals.map(({ row }) => row.holds.last),
      ...[...unsealed, ...(newest ? [newest.contents] : [])].map((wal) => wal.last),
      ...[...found.segments, ...found.wals].map(({ loss, row }) => (loss ? positionsOfALoss(row.holds) : 0)),
    ),
  }
}

const numbersOf = ({ segments, wals, unknown }: FoundLog): number[] => [
  ...[...segments, ...wals].map(({ number }) => number),
  ...unknown.map((name) => Number.parseInt(name, 10)),
]

/** The damaged files get a second name, which nobody takes away, and lost ones leave the manifest. */
async function goOnWithout({ folder, manifest, found }: RecoveryOptions): Promise<void> {
  const { segments, wals } = found
  const damaged = [...segments, ...wals].filter(({ loss }) => loss)
  for (const { path, isThere } of damaged) if (isThere) await keepAside(path)
  await syncFolder(folder)
  const lostSegments = segments.filter(({ loss }) => loss)
  // What can still be read in a write-ahead log is in no other file until it is a segment.
  const lostWals = wals.filter(({ loss, scanned }) => loss && !scanned)
  await manifest.change({
    segments: new Map(lostSegments.map(({ number }) => [number, undefined])),
    wals: new Map(lostWals.map(({ number }) => [number, undefined])),
  })
  for (const { path } of [...lostSegments, ...lostWals]) await rm(path, { force: true })
}

async function keepAside(path: string): Promise<void> {
  const aside = `${path}.damaged`
  try {
    await link(path, aside)
  } catch (error) {
    // It was set aside before, by a start that was killed.
    if (isErrno(error, 'EEXIST')) return
    await copyFile(path, aside)
  }
}

function replay(number: number, path: string, { floor, blocks }: ScannedWal, catalog: Catalog): UnsealedWal {
  const contents = emptyWal(number, path, floor)
  for (const { groupId, log: name, kind, first, count, frame, at } of blocks) {
    const log = catalog.found(groupId, name)
    contents.last = Math.max(contents.last, lastOf(first, count))
    if (log.group.dropped) continue
    if (kind === 'seal') {
      log.sealedAt = first
      contents.seals.add(log)
    } else {
      if (contents.entries === 0) contents.first = first
      log.tail.push({ first, count, frame, at })
      log.last = lastOf(first, count)
      contents.logs.add(log)
      contents.entries += count
    }
  }
  return contents
}

/** One that holds nothing yet; `floor`: the last position that was given before it. */
export const emptyWal = (number: number, path: string, floor: Position): UnsealedWal => ({
  ...{ number, path, logs: new Set(), seals: new Set(), entries: 0, first: floor, last: floor },
})

/** What stands in the manifest of a write-ahead log as it is now. */
export const rowOf = (
  { marker, sizeBytes, end, isCut }: Wal,
  { logs, entries, first, last }: UnsealedWal,
): WalRow => ({
  ...{ marker: Buffer.from(marker).toString('hex'), sizeBytes, end, ...(isCut && { isCut }) },
  holds: holdingsOf(logs, { first, last, entries }),
})
