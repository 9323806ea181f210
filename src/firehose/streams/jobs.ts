import type { Job, Jobs } from '../../delivery/job.ts'
import { ownLogOf } from '../../delivery/progress/outlet.ts'
import type { StreamSource } from '../../delivery/progress/source.ts'
import { type LogPosition, OLDEST } from '../../delivery/reading/log-range.ts'
import { documentAs } from '../../engine/ports/document.ts'
import type { LogId, LogStore } from '../../engine/ports/engine.ts'
import type { Meters } from '../../metrics/meters.ts'
import { parseArn, whereText } from '../../service/arn.ts'
import { hintsOf, isPartitioned, isStaged } from '../destinations/destination-settings.ts'
import { DESTINATIONS, type DestinationTable, rowOf } from '../destinations/destination-table.ts'
import { sourceStreamNotFound } from '../exceptions.ts'
import { QUERY_PROBLEMS } from '../processors/metadata-extraction.ts'
import { processingOf, stepsOf } from '../processors/processors.ts'
import type { Programs } from '../programs/programs.ts'
import { arnOf, type DeliveryStream, deliveryStreamDocument, streamKeyOf } from './delivery-stream.ts'
import { metersOf } from './metering.ts'

export interface JobTools {
  readonly meters: Meters
  readonly programs: Programs
  /** All that there are, if absent. */
  readonly destinations?: DestinationTable
}

/** Every delivery stream, for delivery. */
export const deliveryStreamJobs = (tools: JobTools): Jobs =>
  documentAs(deliveryStreamDocument, ({ value }) => jobOf(value, tools))

/** What delivery knows of a delivery stream. */
export function jobOf(
  stream: DeliveryStream,
  { meters, programs, destinations = DESTINATIONS }: JobTools,
): Job {
  const { account, region, name, id, version, type, goneAt, source, destination } = stream
  const row = rowOf(destination, destinations)
  return {
    ...{ account, region, name, id, version, type },
    arn: arnOf(stream),
    where: whereText('delivery stream', stream),
    documentKey: streamKeyOf(stream),
    ...(goneAt !== undefined && { goneAt }),
    source: source ? { ...source, isDeAggregated: true } : { log: directPutLogOf(stream) },
    ...(isStaged(destination) && {
      stage: {
        processing: processingOf(destination),
        stepsOf: (processing) => stepsOf(processing, programs),
        isPartitioned: isPartitioned(destination),
        namesSource: false,
        program: QUERY_PROBLEMS,
      },
    }),
    hasBackup: destination.backup !== undefined,
    planOf: (outlet) => row.planOf(outlet, stream),
    hintsOf: (kind, oldestArrival) => hintsOf(kind, stream, oldestArrival),
    meters: metersOf(meters, stream, row.metric),
  }
}

/** Where a Direct PUT delivery stream keeps its records until they are delivered. */
export const directPutLogOf = (stream: Pick<DeliveryStream, 'id'>): LogId => ownLogOf(stream, 'records')

/** A Direct PUT delivery stream reads the one log that it fills. */
export const directPutPositions = (stream: Pick<DeliveryStream, 'id'>): LogPosition[] => [
  { ...directPutLogOf(stream), shardId: '', next: OLDEST },
]

/**
 * Reads what is put after this moment, on every shard of the Kinesis stream that is open now or in the Direct PUT
 * log. Throws ResourceNotFoundException when there is no such stream.
 */
export async function firstPositions(
  { streams, logs }: { readonly streams: StreamSource; readonly logs: LogStore },
  stream: DeliveryStream,
): Promise<LogPosition[]> {
  const newest = async (id: LogId, shardId: string) => ({
    group: id.group,
    log: id.log,
    shardId,
    next: await logs.seek(id, 'newest'),
  })
  if (!stream.source) return [await newest(directPutLogOf(stream), '')]
  const { streamArn } = stream.source
  const source = await streams.describe(streamArn)
  if (!source) {
    const { resource = '', account = '' } = parseArn(streamArn) ?? {}
    throw sourceStreamNotFound(resource.replace(/^stream\//, ''), account)
  }
  const { group, shards } = source
  return await Promise.all(
    shards.filter(({ closed }) => !closed).map(({ shardId, log }) => newest({ group, log }, shardId)),
  )
}
