import type { Firehose } from '../firehose/firehose.ts'
import type { DeliveryStream } from '../firehose/streams/delivery-stream.ts'
import type { Origin } from './reading/reading.ts'

export interface ErrorRecord {
  readonly data: Uint8Array
  readonly errorCode: string
  readonly errorMessage: string
  readonly attempts: number
  /** ms since 1970. */
  readonly arrivalTime: number
  readonly endedAt: number
  readonly source?: RecordSource | undefined
}

/** Where a channel's record is in its stream. */
interface RecordSource {
  readonly streamARN: string
  readonly shardId: string
  readonly sequenceNumber?: string
}

/** One line below the ErrorOutputPrefix, its members in the order in which AWS writes them. */
export const errorLineOf = ({ data, source, ...error }: ErrorRecord) =>
  Buffer.from(
    `${JSON.stringify({
      rawData: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      errorCode: error.errorCode,
      errorMessage: error.errorMessage,
      attemptsMade: error.attempts,
      arrivalTimestamp: error.arrivalTime,
      attemptEndingTimestamp: error.endedAt,
      ...source,
    })}\n`,
  )

/** Tells what dead letters say of their records' source. */
export type SourceOf = (
  origin: Pick<Origin, 'log' | 'position'>,
  arrivalTime: number,
) => RecordSource | undefined

/** Only a channel's dead letters name it: AWS's error records of delivery streams do not. */
export async function sourceOf(
  { streams }: Pick<Firehose, 'streams'>,
  { source, channel }: Pick<DeliveryStream, 'source' | 'channel'>,
): Promise<SourceOf> {
  if (!source || !channel) return () => undefined
  const stream = await streams.describe(source.streamArn)
  const shards = new Map(stream?.shards.map((shard) => [shard.log, shard]))
  return ({ log, position }, arrivalTime) => {
    const shard = shards.get(log)
    return {
      streamARN: source.streamArn,
      shardId: shard?.shardId ?? log,
      ...(shard && { sequenceNumber: shard.sequenceNumberOf(position, arrivalTime) }),
    }
  }
}
