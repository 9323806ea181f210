import type { Scope } from '../api/ports.ts'
import { parseSequenceNumber } from '../kinesis/shards/sequence-number.ts'
import { shardIdOf } from '../kinesis/shards/shard.ts'
import { arnOf } from '../kinesis/stream-ref.ts'
import type { StreamSource } from '../kinesis/streams/store.ts'
import { ServiceException } from '../service/exception.ts'
import type { Deliveries, ShownLanded } from './deliveries.ts'

/** A record by what its producer was answered: one of a stream, or one of a Direct PUT delivery stream. */
export type RecordQuery =
  | { readonly stream: string; readonly sequenceNumber: string }
  | { readonly recordId: string }

interface Rooms {
  readonly delivery: Deliveries
  readonly streams: StreamSource
}

/** Where a record is; at least one answer for each delivery stream that reads it. */
export async function landedAt(
  { delivery, streams }: Rooms,
  { account, region }: Scope,
  query: RecordQuery,
): Promise<ShownLanded[]> {
  if ('recordId' in query) return await delivery.landed(query)
  const { stream, sequenceNumber } = query
  const parsed = parseSequenceNumber(sequenceNumber)
  if (!parsed)
    throw new ServiceException('BadRequest', 'sequenceNumber has to be one that PutRecord answered.')
  const streamArn = arnOf({ account, region, streamName: stream })
  const found = await streams.describe(streamArn)
  if (!found) throw new ServiceException('NotFound', `There is no stream ${stream} in ${region}.`, 404)
  const { position, shardIndex } = parsed
  return await delivery.landed({ streamArn, group: found.group, log: shardIdOf(shardIndex), position })
}
