import { list, type Members, maybe, number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { LogId, LogStore, MetadataStore, Position } from '../../engine/ports/engine.ts'
import type { Job } from '../job.ts'
import { type LogPosition, logKeyOf, logPosition, OLDEST, type Origin } from '../reading/log-range.ts'
import { type Checkpoint, checkpointDocument, checkpointKeyOf, checkpointMembers } from './checkpoint.ts'
import { stageIdOf } from './outlet.ts'

/** A piece of a log. */
export interface LogPiece extends LogId {
  readonly from: Position
  /** Exclusive. */
  readonly to: Position
  readonly records: number
}

export interface BatchPlace {
  /** Where reading goes on behind it. */
  readonly to: readonly LogPosition[]
  /** What it read, also of shards that it began and ended; absent in what former versions left. */
  readonly ranges?: readonly LogPiece[]
}

/** What the stage's own batch and its place have in common. */
export const batchPlaceMembers: Members<BatchPlace> = {
  to: list(logPosition),
  ranges: maybe(list(shape<LogPiece>({ group: text, log: text, from: number, to: number, records: number }))),
}

/** A stage's progress: everything before `positions` has left it; `batch` may be repeated. */
export interface StagePlace extends Checkpoint {
  readonly batch?: BatchPlace
}

const placeDocument = document<StagePlace>({
  keys: checkpointDocument.keys,
  version: 1,
  check: shape<StagePlace>({ ...checkpointMembers, batch: maybe(shape(batchPlaceMembers)) }),
})

/** What a stage may put into its outlets' logs, be it for the first or for another time. */
export interface Repeats {
  /** Whether this record may come (again). */
  mayCome(origin: Pick<Origin, 'group' | 'log' | 'position'>): boolean
  /** Whether any record of the log may. */
  mayComeFrom(log: LogId): boolean
}

export function repeatsOf({ positions, batch }: Pick<StagePlace, 'positions' | 'batch'>): Repeats {
  const starts = new Map(positions.map((position) => [logKeyOf(position), position.next]))
  const begun = batch ? [...batch.to, ...(batch.ranges ?? rangesBetween(positions, batch.to))] : []
  const others = new Set(begun.map(logKeyOf))
  return {
    mayCome(origin) {
      const start = starts.get(logKeyOf(origin))
      return start === undefined ? others.has(logKeyOf(origin)) : origin.position >= start
    },
    mayComeFrom: (log) => starts.has(logKeyOf(log)) || others.has(logKeyOf(log)),
  }
}

/** A log that is in `from` alone was read to its end. */
export function rangesBetween(from: readonly LogPosition[], to: readonly LogPosition[]): LogPiece[] {
  const ends = new Map(to.map((position) => [logKeyOf(position), position.next]))
  const starts = new Map(from.map((position) => [logKeyOf(position), position.next]))
  return [...from, ...to.filter((one) => !starts.has(logKeyOf(one)))].map((position) => ({
    group: position.group,
    log: position.log,
    from: starts.get(logKeyOf(position)) ?? OLDEST,
    to: ends.get(logKeyOf(position)) ?? Number.POSITIVE_INFINITY,
    // Former versions did not count.
    records: 0,
  }))
}

/** Undefined when the job has no stage (any more). */
export async function readRepeats(
  metadata: Pick<MetadataStore, 'get' | 'condemn'>,
  job: Pick<Job, 'id'>,
): Promise<Repeats | undefined> {
  const document = await placeDocument.get(metadata, checkpointKeyOf(stageIdOf(job)))
  return document && repeatsOf(document.value)
}

interface Buffer {
  /** What it has seen of each source. */
  seen(): readonly LogId[]
  forget(sources: readonly LogId[]): void
}

/**
 * Forgets the sources that an outlet has seen and its stage is past: nothing of them is put into the outlet's log
 * after that. What was put there before may hold them a second time, so it has to be read first.
 */
export function createForgetfulness({ metadata, logs }: { metadata: MetadataStore; logs: LogStore }) {
  let over: { readonly sources: readonly LogId[]; readonly at: Position } | undefined

  return async (job: Pick<Job, 'id'>, log: LogId, readTo: Position, buffer: Buffer): Promise<void> => {
    if (over && readTo >= over.at) {
      buffer.forget(over.sources)
      over = undefined
    }
    if (over) return
    const repeats = await readRepeats(metadata, job)
    const sources = repeats ? buffer.seen().filter((source) => !repeats.mayComeFrom(source)) : []
    if (sources.length > 0) over = { sources, at: await logs.seek(log, 'newest') }
  }
}
