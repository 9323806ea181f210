import type { Catalog } from '../catalog.ts'
import type { FoundSegment } from '../recovery/inspect-log.ts'
import type { Segment } from './chunks.ts'
import type { SegmentIndex } from './segment-index.ts'

/** Makes a segment's runs those of its logs. */
export function adoptSegment(
  { path, number, row }: FoundSegment,
  index: SegmentIndex,
  found: Catalog['found'],
): Segment {
  const { chunks, sizeBytes, indexCrc } = index
  const { generation, holds } = row
  const segment: Segment = {
    ...{ path, number, generation, runs: [], chunks, sizeBytes, indexCrc },
    entries: holds.entries,
  }
  let at = 0
  for (const { groupId, log: name, last, rows } of index.runs) {
    const log = found(groupId, name)
    const run = { log, segment, row: at, rows, last }
    segment.runs.push(run)
    log.runs.push(run)
    log.last = Math.max(log.last, last)
    at += rows
  }
  return segment
}
