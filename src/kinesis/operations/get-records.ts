import type { Slice } from '../../engine/engine.ts'
import { decodeRecord } from '../../engine/record.ts'
import { list, required, structure } from '../../service/shape.ts'
import { answering } from '../engine-answer.ts'
import { dryRunSucceeded, invalidShardIterator, rateExceeded, shardNotFound } from '../exceptions.ts'
import { type Kinesis, operation } from '../kinesis.ts'
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
import { type Shard, sequenceNumbersOf } from '../shard.ts'
import { formatShardIterator, parseShardIterator, type ShardIterator } from '../shard-iterator.ts'
import { childrenOf } from '../stream.ts'
import { describedChild } from '../stream-description.ts'
import { arnOf } from '../stream-ref.ts'
import type { FoundStream } from '../stream-store.ts'

const MAX_RECORDS = 10_000
const MAX_BYTES = 10 * 2 ** 20

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
  async handle(kinesis, input) {
    const iterator = parseShardIterator(input.ShardIterator, kinesis.clock.now())
    if (input.StreamARN !== undefined && input.StreamARN !== arnOf(iterator)) throw invalidShardIterator()
    const { found, shard } = await shardOf(kinesis, iterator)
    if (input.DryRun) throw dryRunSucceeded()
    const slice = await readShard(kinesis, found, iterator, input.Limit ?? MAX_RECORDS)
    const records = recordsOf(shard, slice)
    const now = kinesis.clock.now()
    const arrivedAt = records.at(-1)?.ApproximateArrivalTimestamp ?? now
    countRead(kinesis, found, records)
    return {
      Records: records,
      ...continuation(found, shard, { ...iterator, position: slice.next }, slice, now),
      MillisBehindLatest: slice.atTip ? 0 : Math.max(0, Math.floor(now - arrivedAt)),
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

async function readShard(
  { logs, throughput, meters }: Kinesis,
  { ref, group }: FoundStream,
  { shardId, position }: ShardIterator,
  count: number,
): Promise<Slice> {
  const key = `${group}/${shardId}`
  if (!throughput.admit('read', key, 0)) {
    meters.count('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', { StreamName: ref.streamName }, 1)
    throw rateExceeded(ref, shardId)
  }
  const slice = await logs
    .read({ group, log: shardId }, position, { entries: count, bytes: MAX_BYTES })
    .catch(answering({ NoSuchGroup: () => shardNotFound(ref, shardId) }))
  throughput.add(
    'read',
    key,
    slice.entries.reduce((sum, { data }) => sum + data.length, 0),
  )
  return slice
}

function recordsOf(shard: Shard, { entries }: Slice) {
  const numberAt = sequenceNumbersOf(shard)
  return entries.map(({ position, data: frame }) => {
    const { arrivalTime, partitionKey, data } = decodeRecord(frame)
    return {
      SequenceNumber: numberAt(position, arrivalTime),
      ApproximateArrivalTimestamp: arrivalTime,
      Data: data,
      PartitionKey: partitionKey,
    }
  })
}

/** The KCL takes the end of a shard only when its children come with it, and children only at the end. */
function continuation(
  { stream }: FoundStream,
  shard: Shard,
  next: ShardIterator,
  { sealed }: Slice,
  now: number,
) {
  const children = sealed ? childrenOf(stream, shard) : []
  return children.length > 0
    ? { ChildShards: children.map(describedChild) }
    : { NextShardIterator: formatShardIterator(next, now) }
}

function countRead(
  { meters }: Pick<Kinesis, 'meters'>,
  { ref }: FoundStream,
  records: readonly { readonly Data: Uint8Array }[],
): void {
  const count = (metric: string, value: number) =>
    meters.count('AWS/Kinesis', `GetRecords.${metric}`, { StreamName: ref.streamName }, value)
  count('Success', 1)
  count('Records', records.length)
  count(
    'Bytes',
    records.reduce((sum, { Data }) => sum + Data.length, 0),
  )
}
