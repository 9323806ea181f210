import type { Firehose } from '../../firehose/firehose.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { MOST_IN_A_ROW } from './verdicts.ts'

/** How a version of a delivery stream's query has fared; durable with the stage's positions. */
export interface Exceeding {
  readonly version: number
  /** The last records, so many, for which it exceeded its bounds. */
  readonly inARow: number
  /** When that became too many. */
  readonly suspendedAt?: number
}

/** What is known of this version once so many of its last records went so; nothing where it fares well. */
export function exceedingAfter(
  { version }: Pick<DeliveryStream, 'version'>,
  inARow: number,
  before: Exceeding | undefined,
  now: number,
): Exceeding | undefined {
  if (inARow === 0) return undefined
  if (inARow < MOST_IN_A_ROW) return { version, inARow }
  return { version, inARow, suspendedAt: (before?.version === version && before.suspendedAt) || now }
}

/** Since when the query is suspended; undefined when it runs. */
export const suspendedAt = (
  { version }: Pick<DeliveryStream, 'version'>,
  exceeding: Exceeding | undefined,
): number | undefined => (exceeding?.version === version ? exceeding.suspendedAt : undefined)

const SUSPENDED = 'QuerySuspended'
const UNFINISHED = 'QueryUnfinished'
const whereOf = ({ name }: Pick<DeliveryStream, 'name'>) => `delivery stream ${name}`

/** Says that a query is suspended, or that it is no more. */
export function saySuspension(
  { problems }: Pick<Firehose, 'problems'>,
  stream: DeliveryStream,
  since?: number,
) {
  if (since === undefined) return problems.solved(SUSPENDED, whereOf(stream))
  problems.report({
    code: SUSPENDED,
    where: whereOf(stream),
    what: 'its MetadataExtractionQuery exceeded 1 s or 64 MiB for three records in a row and is suspended: its records go to the error output until UpdateDestination',
  })
}

/** Says that a batch cannot be finished yet because a record's query does not end any more, or that it could. */
export function sayUnfinished({ problems }: Pick<Firehose, 'problems'>, stream: DeliveryStream, is: boolean) {
  if (!is) return problems.solved(UNFINISHED, whereOf(stream))
  problems.report({
    code: UNFINISHED,
    where: whereOf(stream),
    what: 'its MetadataExtractionQuery had ended for a record before the server stopped and takes over 10 s or 1 GiB for it now; it is tried again, for the record may have been delivered',
  })
}

/** There is nothing left to say of a delivery stream that is no more. */
export function sayNoMore(firehose: Pick<Firehose, 'problems'>, stream: DeliveryStream): void {
  saySuspension(firehose, stream)
  sayUnfinished(firehose, stream, false)
}
