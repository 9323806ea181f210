import { list, required, structure } from '../../service/shape.ts'
import { onStream } from '../accesses.ts'
import { dryRunSucceeded, invalidShardIterator } from '../exceptions/records.ts'
import { shardNotFound } from '../exceptions/streams.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import {
  formatShardIterator,
  parseShardIterator,
  readRecords,
  roomToRead,
  type ShardIterator,
} from '../records/read.ts'
import {
  childShard,
  dryRun,
  limit,
  millisBehindLatest,
  record,
  shardIterator,
  streamArn,
  streamId,
} from '../shapes.ts'
import type { Shard } from '../shards/shard.ts'
import { arnOf } from '../stream-ref.ts'
import { describedChild } from '../streams/description.ts'
import { childrenOf } from '../streams/stream.ts'
import { bytesOf } from '../usage.ts'

const MAX_RECORDS = 10_000

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
export const getRecords = operation({
  name: 'GetRecords',
  input: structure({
    ShardIterator: required(shardIterator),
    Limit: limit,
    StreamARN: streamArn,
    StreamId: streamId,
    DryRun: dryRun,
  }),
  output: structure({
    Records: required(list(record)),
    NextShardIterator: shardIterator,
    MillisBehindLatest: millisBehindLatest,
    ChildShards: list(childShard),
  }),
  accesses: (kinesis, { ShardIterator }) =>
    onStream(kinesis, 'GetRecords', parseShardIterator(ShardIterator, kinesis.clock.now())),
  metrics: ({ output, durationMs }) => ({
    Success: 1,
    Records: output?.Records.length ?? 0,
    Bytes: bytesOf(output?.Records ?? []),
    IteratorAgeMilliseconds: output?.MillisBehindLatest ?? 0,
    Latency: durationMs,
  }),
  async handle(kinesis, input, { region, flight }) {
    const iterator = parseShardIterator(input.ShardIterator, kinesis.clock.now())
    // One of another region can be read there alone.
    if (iterator.region !== region) throw invalidShardIterator()
    if (input.StreamARN !== undefined && input.StreamARN !== arnOf(iterator)) throw invalidShardIterator()
    const { found, shard } = await shardOf(kinesis, iterator)
    if (input.DryRun) throw dryRunSucceeded()
    const range = {
      from: iterator.position,
      count: input.Limit ?? MAX_RECORDS,
      bytes: await roomToRead(flight),
    }
    const { records, behindMs, slice, now } = await readRecords(kinesis, found, shard, range)
    if (slice.release) flight?.lend(slice.release)
    const children = slice.sealed ? childrenOf(found.stream, shard) : []
    return {
      Records: records,
      ...continuation(children, { ...iterator, position: slice.next }, now),
      MillisBehindLatest: behindMs,
    }
  },
})

/** An iterator does not outlive its stream, whatever may have the same name now. */
async function shardOf({ streams }: Kinesis, iterator: ShardIterator) {
  const found = await streams.find(iterator)
  const shard =
    found?.stream.creationId === iterator.creationId
      ? found.stream.shards.find(({ shardId }) => shardId === iterator.shardId)
      : undefined
  if (!found || !shard) throw shardNotFound(iterator, iterator.shardId)
  return { found, shard }
}

/** The KCL takes the end of a shard only when its children come with it, and children only at the end. */
function continuation(children: readonly Shard[], next: ShardIterator, now: number) {
  return children.length > 0
    ? { ChildShards: children.map(describedChild) }
    : { NextShardIterator: formatShardIterator(next, now) }
}
