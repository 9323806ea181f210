import type { Delivery } from '../firehose/delivery/delivery.ts'
import type { Landed } from '../firehose/delivery/landed.ts'
import { parseSequenceNumber } from '../kinesis/sequence-number.ts'
import { shardIdOf } from '../kinesis/shard.ts'
import { arnOf } from '../kinesis/stream-ref.ts'
import type { StreamSource } from '../kinesis/stream-source.ts'
import { ServiceException } from '../service/exception.ts'

export interface LandedQuery {
  readonly account: string
  readonly region: string
  /** A record of a stream … */
  readonly stream?: string | undefined
  readonly sequenceNumber?: string | undefined
  /** … or one of a Direct PUT delivery stream. */
  readonly recordId?: string | undefined
}

/** Where a record is, by what its producer was answered; one answer for each delivery stream that reads it. */
export async function landedAt(
  { delivery, streams }: { readonly delivery: Delivery; readonly streams: StreamSource },
  { account, region, stream, sequenceNumber, recordId }: LandedQuery,
): Promise<{ landed: Landed[] }> {
  if (recordId !== undefined) return { landed: await delivery.landed({ recordId }) }
  const parsed = /^\d+$/.test(sequenceNumber ?? '') ? parseSequenceNumber(sequenceNumber!) : undefined
  if (stream === undefined || !parsed)
    throw new ServiceException(
      'BadRequest',
      'Say stream and sequenceNumber as PutRecord answered it, or recordId.',
    )
  const streamArn = arnOf({ account, region, streamName: stream })
  const found = await streams.describe(streamArn)
  if (!found) throw new ServiceException('NotFound', `There is no stream ${stream} in ${region}.`, 404)
  const { position, shardIndex } = parsed
  return {
    landed: await delivery.landed({ streamArn, group: found.group, log: shardIdOf(shardIndex), position }),
  }
}
