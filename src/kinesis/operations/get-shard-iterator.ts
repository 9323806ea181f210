import { oneOf, required, structure, timestamp } from '../../service/shape.ts'
import { dryRunSucceeded } from '../exceptions/records.ts'
import { shardNotFound, shardNotResolved } from '../exceptions/streams.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import { admit } from '../limits/shard-throughput.ts'
import { formatShardIterator, placeOf, positionOf, type StartingPosition } from '../records/read.ts'
import { dryRun, sequenceNumber, shardId, shardIterator, streamArn, streamId, streamName } from '../shapes.ts'
import { type Shard, shardIdOf, shardIndexOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import { requestedStream } from '../streams/requested.ts'
import type { FoundStream } from '../streams/store.ts'
import { shardAt, statusOf } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
export const getShardIterator = operation({
  name: 'GetShardIterator',
  input: structure({
    StreamName: streamName,
    ShardId: required(shardId),
    ShardIteratorType: required(
      oneOf('AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON'),
    ),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: timestamp(),
    StreamARN: streamArn,
    StreamId: streamId,
    DryRun: dryRun,
  }),
  output: structure({ ShardIterator: shardIterator }),
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    const { found, shard } = await readableShard(kinesis, ref, input.ShardId)
    const at = placeOf(askedOf(input), { operation: 'GetShardIterator', ref, shard }, kinesis.clock.now())
    if (input.DryRun) throw dryRunSucceeded()
    admit(kinesis, 'iterator', { found, shardId: shard.shardId })
    const position = await positionOf(kinesis, found, shard, at)
    const iterator = { ...ref, creationId: found.stream.creationId, shardId: shard.shardId, position }
    return { ShardIterator: formatShardIterator(iterator, kinesis.clock.now()) }
  },
})

async function readableShard(
  { streams, clock }: Kinesis,
  ref: StreamRef,
  given: string,
): Promise<{ found: FoundStream; shard: Shard }> {
  const index = shardIndexOf(given)
  if (index === undefined) throw shardNotResolved(ref, given)
  const found = await streams.find(ref)
  const isThere = found && statusOf(found.stream, clock.now()) !== 'CREATING'
  const shard = isThere ? shardAt(found.stream, index) : undefined
  // Of a stream that is not there AWS misses the shard, too.
  if (!found || !shard) throw shardNotFound(ref, shardIdOf(index))
  return { found, shard }
}

const askedOf = (input: {
  readonly ShardIteratorType: StartingPosition['type']
  readonly StartingSequenceNumber?: string | undefined
  readonly Timestamp?: number | undefined
}): StartingPosition => ({
  type: input.ShardIteratorType,
  sequenceNumber: input.StartingSequenceNumber,
  timestamp: input.Timestamp,
})
