import { open, readdir, stat } from 'node:fs/promises'
import { segmentPath, sortLogFiles, walPath } from '../file-names.ts'
import type { Holdings, SegmentRow, WalRow } from '../log-manifest.ts'
import { readIndex } from '../segments/segment-index.ts'
import { HEAD_BYTES, readWal } from '../wal.ts'

const NOTHING: Holdings = { logs: [], logCount: 0, first: 0, last: 0 }

/**
 * What a manifest says that knows the files of the log as they are, without what a crash left over; for those of its
 * numbers that are not among the `known` ones. A file that is damaged stands in it as one that cannot be found whole.
 */
export async function manifestOfFiles(
  folder: string,
  known: ReadonlySet<number>,
): Promise<{ wals: Map<number, WalRow>; segments: Map<number, SegmentRow> }> {
  const found = sortLogFiles(await readdir(folder))
  const segments = new Map<number, SegmentRow>()
  const wals = new Map<number, WalRow>()
  for (const { number, generation } of found.segments)
    if (!known.has(number))
      segments.set(number, await segmentRow(segmentPath(folder, number, generation), generation))
  for (const number of found.wals.filter((number) => !known.has(number))) {
    const row = await walRow(walPath(folder, number), number === found.wals.at(-1))
    if (row) wals.set(number, row)
  }
  return { wals, segments }
}

async function segmentRow(path: string, generation: number): Promise<SegmentRow> {
  const handle = await open(path, 'r')
  try {
    const { runs, chunks, sizeBytes, indexCrc } = await readIndex(handle, path)
    const last = runs.reduce((most, run) => Math.max(most, run.last), 0)
    const first = chunks.firsts.reduce((least, position) => Math.min(least, position), last)
    return { generation, sizeBytes, indexCrc, holds: { ...NOTHING, logCount: runs.length, first, last } }
  } catch {
    return { generation, sizeBytes: (await handle.stat()).size, indexCrc: -1, holds: NOTHING }
  } finally {
    await handle.close()
  }
}

/** Only the newest may end in the middle of a frame, or without even a head: that was never acknowledged. */
async function walRow(path: string, isNewest: boolean): Promise<WalRow | undefined> {
  const { size } = await stat(path)
  const { scanned } = await readWal(path, { end: 0, floor: 0 })
  if (!scanned && isNewest && size < HEAD_BYTES) return undefined
  if (!scanned) return { sizeBytes: size, end: size, holds: NOTHING }
  const { marker, end, floor, gaps } = scanned
  return {
    marker: Buffer.from(marker).toString('hex'),
    sizeBytes: size,
    end: isNewest || gaps.length > 0 ? end : size,
    holds: { ...NOTHING, first: floor, last: floor },
  }
}
