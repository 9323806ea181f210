import type { LogId } from '../../engine/engine.ts'
import { directPutLogOf } from '../../firehose/direct-put/direct-put-log.ts'
import { sourceStreamNotFound } from '../../firehose/exceptions.ts'
import type { Firehose } from '../../firehose/firehose.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { parseArn } from '../../service/arn.ts'
import type { LogPosition } from './source.ts'

/**
 * Reads what is put after this moment, on every shard of the Kinesis stream that is open now or in the Direct PUT
 * log. Throws ResourceNotFoundException when there is no such stream.
 */
export async function firstPositions(
  { streams, logs }: Pick<Firehose, 'streams' | 'logs'>,
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
