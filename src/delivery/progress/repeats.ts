import type { LogId, LogStore, MetadataStore, Position } from '../../engine/engine.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import type { Origin } from '../reading/reading.ts'
import { type BatchPlace, rangesBetween } from '../stage/batch.ts'
import { type Checkpoint, checkpointKeyOf } from './checkpoint.ts'
import { stageIdOf } from './outlet.ts'

/** A stage's progress: everything before `positions` has left it; `batch` may be repeated. */
export interface StagePlace extends Checkpoint {
  readonly batch?: BatchPlace
}

/** What a stage may put into its outlets' logs, be it for the first or for another time. */
export interface Repeats {
  /** Whether this record may come (again). */
  mayCome(origin: Pick<Origin, 'group' | 'log' | 'position'>): boolean
  /** Whether any record of the log may. */
  mayComeFrom(log: LogId): boolean
}

export function repeatsOf({ positions, batch }: Pick<StagePlace, 'positions' | 'batch'>): Repeats {
  const starts = new Map(positions.map((position) => [keyOf(position), position.next]))
  const begun = batch ? [...batch.to, ...(batch.ranges ?? rangesBetween(positions, batch.to))] : []
  const others = new Set(begun.map(keyOf))
  return {
    mayCome(origin) {
      const start = starts.get(keyOf(origin))
      return start === undefined ? others.has(keyOf(origin)) : origin.position >= start
    },
    mayComeFrom: (log) => starts.has(keyOf(log)) || others.has(keyOf(log)),
  }
}

/** Undefined when the delivery stream has no stage (any more). */
export async function readRepeats(
  metadata: Pick<MetadataStore, 'get'>,
  stream: Pick<DeliveryStream, 'id'>,
): Promise<Repeats | undefined> {
  const document = await metadata.get<StagePlace>(checkpointKeyOf(stageIdOf(stream)))
  return document && repeatsOf(document.value)
}

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`

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

  return async (stream: DeliveryStream, log: LogId, readTo: Position, buffer: Buffer): Promise<void> => {
    if (over && readTo >= over.at) {
      buffer.forget(over.sources)
      over = undefined
    }
    if (over) return
    const repeats = await readRepeats(metadata, stream)
    const sources = repeats ? buffer.seen().filter((source) => !repeats.mayComeFrom(source)) : []
    if (sources.length > 0) over = { sources, at: await logs.seek(log, 'newest') }
  }
}
