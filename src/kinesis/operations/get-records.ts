import type { Slice } from '../../engine/ports/engine.ts'
import { list, required, structure } from '../../service/shape.ts'
import { answering } from '../exceptions/kinds.ts'
import { dryRunSucceeded, invalidShardIterator, rateExceeded } from '../exceptions/records.ts'
import { shardNotFound } from '../exceptions/streams.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import {
  formatShardIterator,
  millisBehind,
  parseShardIterator,
  recordsOf,
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
import type { FoundStream } from '../streams/store.ts'
import { childrenOf } from '../streams/stream.ts'
import { countingFor, countRead } from '../usage.ts'

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
    const askedAt = kinesis.clock.now()
    const slice = await readShard(kinesis, found, iterator, input.Limit ?? MAX_RECORDS)
    const records = recordsOf(shard, slice)
    const now = kinesis.clock.now()
    const behindMs = millisBehind(slice, records, now)
    countRead(kinesis.meters, found, shard.shardId, { records, behindMs, askedAt, now })
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

async function readShard(
  { logs, throughput, meters }: Kinesis,
  found: FoundStream,
  { shardId, position }: ShardIterator,
  count: number,
): Promise<Slice> {
  const { ref, group } = found
  const key = `${group}/${shardId}`
  if (!throughput.admit('read', key, 0)) {
    countingFor(meters, found, shardId)('ReadProvisionedThroughputExceeded', 1)
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

/** The KCL takes the end of a shard only when its children come with it, and children only at the end. */
function continuation(children: readonly Shard[], next: ShardIterator, now: number) {
  return children.length > 0
    ? { ChildShards: children.map(describedChild) }
    : { NextShardIterator: formatShardIterator(next, now) }
}
