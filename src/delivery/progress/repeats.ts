import type { LogId, MetadataStore } from '../../engine/engine.ts'
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
