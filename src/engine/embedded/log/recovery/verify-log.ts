import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenFiles } from '../../files/open-files.ts'
import type { Loss } from '../../loss.ts'
import type { Catalog } from '../catalog.ts'
import { adoptSegment } from '../segments/adopt-segment.ts'
import { isWholeChunk, readChunks, type Segment } from '../segments/chunks.ts'
import { createSegmentDamage } from '../segments/segment-damage.ts'
import type { FoundLog } from './inspect-log.ts'

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
