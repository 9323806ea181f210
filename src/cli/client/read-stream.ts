import type { Settings } from '../../server/config.ts'
import { AwsFailure, awsCall } from './aws-call.ts'

/** A record as GetRecords answers it in JSON. */
export interface KinesisRecord {
  readonly Data: string
  readonly PartitionKey: string
  readonly SequenceNumber: string
  /** Seconds since 1970. */
  readonly ApproximateArrivalTimestamp: number
}

interface ShardList {
  readonly Shards: readonly { readonly ShardId: string }[]
  readonly NextToken?: string
}
interface Answer {
  readonly Records: readonly KinesisRecord[]
  /** Absent when the shard was closed and all of it was read. */
  readonly NextShardIterator?: string
  readonly MillisBehindLatest: number
  readonly ChildShards?: readonly { readonly ShardId: string }[]
}
type From = 'TRIM_HORIZON' | 'LATEST'

/** Reads all shards of a stream in turn, and those that they are split or merged into. */
export async function readStream(settings: Settings, StreamName: string, from: From) {
  const call = <T>(operation: string, input: object) => awsCall<T>(settings, 'kinesis', operation, input)
  const iterators = new Map<string, string>()
  const known = new Set<string>()
  const open = async (ShardId: string, ShardIteratorType: From) => {
    if (known.has(ShardId)) return
    known.add(ShardId)
    const input = { StreamName, ShardId, ShardIteratorType }
    const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', input)
    iterators.set(ShardId, ShardIterator)
  }
  for (let page: object | undefined = { StreamName }; page; ) {
    const { Shards, NextToken }: ShardList = await call<ShardList>('ListShards', page)
    for (const { ShardId } of Shards) await open(ShardId, from)
    page = NextToken ? { NextToken } : undefined
  }
  const read = async (ShardIterator: string): Promise<Answer | undefined> => {
    try {
      return await call<Answer>('GetRecords', { ShardIterator })
    } catch (error) {
      if (error instanceof AwsFailure && error.code === 'ProvisionedThroughputExceededException')
        return undefined
      throw error
    }
  }

  return {
    /** Whether there is no open shard left to wait for. */
    isClosed: () => iterators.size === 0,
    /** What each shard has next, without waiting; `isAtTip` when nothing is left behind the newest record. */
    async next() {
      const records: { shardId: string; record: KinesisRecord }[] = []
      let isAtTip = true
      for (const [shardId, iterator] of [...iterators]) {
        const answer = await read(iterator)
        if (!answer || answer.MillisBehindLatest > 0) isAtTip = false
        if (!answer) continue
        for (const record of answer.Records) records.push({ shardId, record })
        if (answer.NextShardIterator) iterators.set(shardId, answer.NextShardIterator)
        else iterators.delete(shardId)
        for (const { ShardId } of answer.ChildShards ?? []) {
          isAtTip = false
          await open(ShardId, 'TRIM_HORIZON')
        }
      }
      return { records, isAtTip }
    },
  }
}
