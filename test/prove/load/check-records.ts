import type { AwsClient } from './aws-client.ts'
import type { Expected } from './expected.ts'
import { idOf, recordOf, type SourceName } from './questions.ts'
import { SOURCES } from './world.ts'

/** How far the shards were read, and what was found in them. */
export interface RecordsFound {
  /** Each record's sequence number, acknowledged or not. */
  readonly numbers: Map<
    number,
    { readonly source: SourceName; readonly shard: string; readonly number: bigint }
  >
  /** By source and shard: the last one read. */
  readonly last: Map<string, string>
}
export const noRecordsYet = (): RecordsFound => ({ numbers: new Map(), last: new Map() })

/** Reads on in every shard; in words, what is lost, doubled, altered or out of order. */
export async function checkRecords(
  client: AwsClient,
  expected: Expected,
  found: RecordsFound,
): Promise<string[]> {
  const broken: string[] = []
  for (const source of ['stream', 'on-demand'] as const)
    for (const shard of await shardsOf(client, SOURCES[source]))
      broken.push(...(await readShard(client, source, shard, found)))
  for (const [id, { source, answer }] of expected.records) {
    if (source === 'direct' || answer === undefined) continue
    const place = found.numbers.get(id)
    if (!place) broken.push(`record ${id} (${answer}) is lost from ${source}`)
    else if (String(place.number) !== answer)
      broken.push(`record ${id} was answered ${answer}, and is ${place.number}`)
  }
  for (const [id, { source }] of found.numbers)
    if (expected.records.get(id)?.source !== source)
      broken.push(`record ${id} in ${source} was never put there`)
  return broken
}

async function shardsOf(client: AwsClient, StreamName: string): Promise<string[]> {
  const ids: string[] = []
  for (let input: object = { StreamName }; ; ) {
    const { Shards, NextToken } = await client.call<{ Shards: { ShardId: string }[]; NextToken?: string }>(
      'kinesis',
      'ListShards',
      input,
    )
    ids.push(...Shards.map(({ ShardId }) => ShardId))
    if (!NextToken) return ids
    input = { NextToken }
  }
}

interface GetRecords {
  readonly Records: readonly { readonly SequenceNumber: string; readonly Data: string }[]
  readonly NextShardIterator?: string
  readonly MillisBehindLatest: number
}

async function readShard(
  client: AwsClient,
  source: SourceName,
  ShardId: string,
  { numbers, last }: RecordsFound,
): Promise<string[]> {
  const broken: string[] = []
  const place = `${source} ${ShardId}`
  if (last.get(place) === 'ended') return broken
  const after = last.get(place)
  const { ShardIterator } = await client.call<{ ShardIterator: string }>('kinesis', 'GetShardIterator', {
    StreamName: SOURCES[source],
    ShardId,
    ...(after
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after }
      : { ShardIteratorType: 'TRIM_HORIZON' }),
  })
  let previous = BigInt(after ?? 0)
  for (let iterator: string | undefined = ShardIterator; iterator; ) {
    const answer: GetRecords = await client.call('kinesis', 'GetRecords', { ShardIterator: iterator })
    for (const { SequenceNumber, Data } of answer.Records) {
      const text = Buffer.from(Data, 'base64').toString()
      const id = idOf(text)
      const number = BigInt(SequenceNumber)
      if (number <= previous) broken.push(`${place}: ${SequenceNumber} is read after ${previous}`)
      if (numbers.has(id)) broken.push(`record ${id} is in ${place} and in ${numbers.get(id)!.shard}`)
      if (text !== recordOf(id)) broken.push(`record ${id} in ${place} has other bytes`)
      numbers.set(id, { source, shard: ShardId, number })
      last.set(place, SequenceNumber)
      previous = number
    }
    iterator = answer.NextShardIterator
    if (iterator === undefined) last.set(place, 'ended')
    if (answer.Records.length === 0 && answer.MillisBehindLatest === 0) break
  }
  return broken
}
