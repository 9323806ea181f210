import { basename } from 'node:path'
import type { EngineProblems } from '../../../ports/engine.ts'
import { nameOf, spanOf } from '../holdings.ts'
import type { Run } from '../log-state.ts'
import { lastOfRow, type Segment } from './chunks.ts'

const MOST_NAMED = 10

/** Says which records lie in damaged places, a problem for each segment, until it is given back. */
export function createSegmentDamage(problems: EngineProblems) {
  /** What is said of each damaged row. */
  const damaged = new Map<Segment, Map<number, string>>()
  const say = (segment: Segment, rows: ReadonlyMap<number, string>) => {
    const named = [...rows.values()].slice(0, MOST_NAMED).join('; ')
    const more = rows.size > MOST_NAMED ? `; and ${rows.size - MOST_NAMED} more places` : ''
    const what = `records in damaged places are left out: ${named}${more}`
    problems.report({ code: 'Damaged', where: whereOf(segment.path), what })
  }
  return {
    /** This row of the run is not what was written. */
    found(run: Run, row: number): void {
      const { segment } = run
      const rows = damaged.get(segment) ?? new Map<number, string>()
      damaged.set(segment, rows)
      if (rows.has(row)) return
      const { firsts, offsets } = segment.chunks
      const span = spanOf(firsts[row]!, lastOfRow(run, row))
      rows.set(row, `${nameOf(run.log)} ${span}, at byte ${offsets[row]}`)
      say(segment, rows)
    },
    /** The segment is given back. */
    gone(segment: Segment): void {
      if (damaged.delete(segment)) problems.solved('Damaged', whereOf(segment.path))
    },
  }
}

/** A file of the log as a user finds it in the data folder. */
export const whereOf = (path: string): string => `log/${basename(path)}`

export type SegmentDamage = ReturnType<typeof createSegmentDamage>
