import type { Position } from '../../engine/engine.ts'
import { oneOf, required, structure, timestamp } from '../../service/shape.ts'
import { answering } from '../engine-answer.ts'
import {
  dryRunSucceeded,
  foreignSequenceNumber,
  invalidSequenceNumber,
  otherShardsSequenceNumber,
  rateExceeded,
  sequenceNumberMissing,
  sequenceNumberUnwanted,
  shardNotFound,
  shardNotResolved,
  timestampInFuture,
  timestampMissing,
} from '../exceptions.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import { seekArrivalTime } from '../seek-arrival-time.ts'
import { parseSequenceNumber } from '../sequence-number.ts'
import { dryRun, sequenceNumber, shardId, shardIterator, streamArn, streamId, streamName } from '../shapes.ts'
import { type Shard, shardIdOf, shardIndexOf } from '../shard.ts'
import { formatShardIterator } from '../shard-iterator.ts'
import { shardAt, statusOf } from '../stream.ts'
import { requestedStream, type StreamRef } from '../stream-ref.ts'
import type { FoundStream } from '../stream-store.ts'

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
    const at = placeOf(input, ref, shard, kinesis.clock.now())
    if (input.DryRun) throw dryRunSucceeded()
    if (!kinesis.throughput.admit('iterator', `${found.group}/${shard.shardId}`, 0))
      throw rateExceeded(ref, shard.shardId)
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
  const found = await streams.get(ref)
  const shard = statusOf(found.stream, clock.now()) === 'CREATING' ? undefined : shardAt(found.stream, index)
  if (!shard) throw shardNotFound(ref, shardIdOf(index))
  return { found, shard }
}

type Place = { readonly position: Position } | 'newest' | { readonly time: number }

interface Input {
  readonly ShardIteratorType:
    | 'AFTER_SEQUENCE_NUMBER'
    | 'AT_SEQUENCE_NUMBER'
    | 'AT_TIMESTAMP'
    | 'LATEST'
    | 'TRIM_HORIZON'
  readonly StartingSequenceNumber?: string | undefined
  readonly Timestamp?: number | undefined
}

/** Throws InvalidArgumentException when the members do not go together. */
function placeOf(
  { ShardIteratorType: type, StartingSequenceNumber: given, Timestamp }: Input,
  ref: StreamRef,
  shard: Shard,
  now: number,
): Place {
  switch (type) {
    case 'AT_TIMESTAMP':
      if (Timestamp === undefined) throw timestampMissing()
      if (Timestamp > now) throw timestampInFuture(Timestamp, now)
      return { time: Timestamp }
    case 'TRIM_HORIZON':
    case 'LATEST':
      if (given !== undefined) throw sequenceNumberUnwanted(type)
      // Reads leave out what is older than the retention, so 0 is the trim horizon at any time.
      return type === 'LATEST' ? 'newest' : { position: 0 }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      if (given === undefined) throw sequenceNumberMissing(type)
      const position = positionIn(shard, ref, given)
      return { position: type === 'AT_SEQUENCE_NUMBER' ? position : position + 1 }
    }
  }
}

function positionIn(shard: Shard, ref: StreamRef, given: string): Position {
  const number = parseSequenceNumber(given)
  if (!number) throw invalidSequenceNumber(ref, shard.shardId, given)
  const encoded = shardIdOf(number.shardIndex)
  if (encoded !== shard.shardId) throw otherShardsSequenceNumber(shard.shardId, encoded)
  if (number.shardCreatedSeconds !== Math.floor(shard.createdAt / 1_000))
    throw foreignSequenceNumber(ref, shard.shardId, given)
  return number.position
}

function positionOf(
  { logs }: Pick<Kinesis, 'logs'>,
  { ref, group }: FoundStream,
  { shardId: log }: Shard,
  at: Place,
): Promise<Position> | Position {
  if (at !== 'newest' && 'position' in at) return at.position
  const id = { group, log }
  const position = at === 'newest' ? logs.seek(id, at) : seekArrivalTime(logs, id, at.time)
  return position.catch(answering({ NoSuchGroup: () => shardNotFound(ref, log) }))
}
