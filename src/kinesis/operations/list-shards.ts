import type { Caller } from '../../service/operation.ts'
import { list, oneOf, required, structure, timestamp } from '../../service/shape.ts'
import { onStream } from '../accesses.ts'
import {
  shardFilterNeeds,
  shardFilterRefuses,
  streamNotActive,
  streamNotFound,
} from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { invalidNextToken, neitherTokenNorStream, nextTokenOf, tokenAndMember } from '../next-token.ts'
import {
  limit,
  nextToken,
  shard,
  shardId,
  streamArn,
  streamId,
  streamName,
  streamRefMembers,
} from '../shapes.ts'
import { isOpen, type Shard } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import { describedShard, shardsAfter } from '../streams/description.ts'
import { requestedStream } from '../streams/requested.ts'
import { type Stream, statusOf, trimHorizonOf, unexpired } from '../streams/stream.ts'

/** Shards in an answer at most, and if no limit is given. */
const MAX_SHARDS = 1_000

const shardFilter = structure({
  Type: required(
    oneOf(
      'AFTER_SHARD_ID',
      'AT_TRIM_HORIZON',
      'FROM_TRIM_HORIZON',
      'AT_LATEST',
      'AT_TIMESTAMP',
      'FROM_TIMESTAMP',
    ),
  ),
  ShardId: shardId,
  Timestamp: timestamp(),
})

const pageToken = nextTokenOf(
  'shards',
  structure({
    ref: required(structure(streamRefMembers)),
    createdAt: required(timestamp()),
    after: required(shardId),
    filter: shardFilter,
  }),
)

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
export const listShards = operation({
  name: 'ListShards',
  input: structure({
    StreamName: streamName,
    NextToken: nextToken,
    ExclusiveStartShardId: shardId,
    MaxResults: limit,
    StreamCreationTimestamp: timestamp(),
    ShardFilter: shardFilter,
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({ Shards: list(shard), NextToken: nextToken }),
  accesses: (kinesis, input, caller) =>
    onStream(kinesis, 'ListShards', questionOf(input, caller, kinesis.clock.now()).ref),
  async handle({ streams, clock }, input, caller) {
    const now = clock.now()
    const { ref, createdAt, after, filter } = questionOf(input, caller, now)
    const { stream } = await streams.get(ref)
    // To the second: that is as exact as some clients send it.
    const isOther =
      createdAt !== undefined && Math.floor(createdAt / 1_000) !== Math.floor(stream.createdAt / 1_000)
    if (isOther) throw streamNotFound(ref)
    if (statusOf(stream, now) === 'CREATING') throw streamNotActive(ref, 'CREATING')
    const shards = shardsAfter(filterShards(stream, filter, now), after)
    const page = shards.slice(0, Math.min(input.MaxResults ?? MAX_SHARDS, MAX_SHARDS))
    const last = page.at(-1)
    const next = last && { ref, createdAt: stream.createdAt, after: last.shardId, filter }
    return {
      Shards: page.map(describedShard),
      ...(next && shards.length > page.length && { NextToken: pageToken.format(next, now) }),
    }
  },
})

/** Which shards are wanted. */
interface Question {
  readonly ref: StreamRef
  readonly createdAt?: number | undefined
  readonly after?: string | undefined
  readonly filter?: ShardFilter | undefined
}

interface Input {
  readonly StreamName?: string | undefined
  readonly StreamARN?: string | undefined
  readonly NextToken?: string | undefined
  readonly ExclusiveStartShardId?: string | undefined
  readonly StreamCreationTimestamp?: number | undefined
  readonly ShardFilter?: ShardFilter | undefined
}

function questionOf(input: Input, caller: Caller, now: number): Question {
  const { StreamName, StreamARN, NextToken, ExclusiveStartShardId, ShardFilter } = input
  if (NextToken === undefined) {
    if (StreamName === undefined && StreamARN === undefined) throw neitherTokenNorStream()
    if (ShardFilter?.Type === 'AFTER_SHARD_ID' && ExclusiveStartShardId !== undefined)
      throw shardFilterRefuses(ShardFilter.Type, 'ExclusiveStartShardId')
    return {
      ref: requestedStream(input, caller),
      createdAt: input.StreamCreationTimestamp,
      after: ExclusiveStartShardId,
      filter: ShardFilter,
    }
  }
  if (StreamName !== undefined) throw tokenAndMember('StreamName')
  for (const member of [
    'StreamARN',
    'ExclusiveStartShardId',
    'StreamCreationTimestamp',
    'ShardFilter',
  ] as const)
    if (input[member] !== undefined) throw tokenAndMember(member)
  const question = pageToken.parse(NextToken, now)
  if (question.ref.region !== caller.region) throw invalidNextToken()
  return question
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
export interface ShardFilter {
  readonly Type:
    | 'AFTER_SHARD_ID'
    | 'AT_TRIM_HORIZON'
    | 'FROM_TRIM_HORIZON'
    | 'AT_LATEST'
    | 'AT_TIMESTAMP'
    | 'FROM_TIMESTAMP'
  readonly ShardId?: string | undefined
  readonly Timestamp?: number | undefined
}

/** The shards that are not expired and that the filter lets through; throws InvalidArgumentException. */
export const filterShards = (stream: Stream, filter: ShardFilter | undefined, now: number): Shard[] =>
  unexpired(stream, now).shards.filter(predicateOf(filter, trimHorizonOf(stream, now)))

const livedUntil = ({ closed }: Shard) => closed?.at ?? Number.POSITIVE_INFINITY

function predicateOf(filter: ShardFilter | undefined, horizon: number): (shard: Shard) => boolean {
  switch (filter?.Type) {
    case undefined:
    case 'FROM_TRIM_HORIZON':
      return () => true
    case 'AT_LATEST':
      return isOpen
    case 'AT_TRIM_HORIZON':
      return openAt(horizon)
    case 'AT_TIMESTAMP':
      return openAt(Math.max(timestampOf(filter), horizon))
    case 'FROM_TIMESTAMP': {
      const from = timestampOf(filter)
      return (shard) => livedUntil(shard) >= from
    }
    case 'AFTER_SHARD_ID': {
      const { ShardId } = filter
      if (ShardId === undefined) throw shardFilterNeeds(filter.Type, 'ShardId')
      return ({ shardId }) => shardId > ShardId
    }
  }
}

const openAt = (time: number) => (shard: Shard) => shard.createdAt <= time && livedUntil(shard) >= time

function timestampOf({ Type, Timestamp }: ShardFilter): number {
  if (Timestamp === undefined) throw shardFilterNeeds(Type, 'Timestamp')
  return Timestamp
}
