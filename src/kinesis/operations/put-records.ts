import { isEngineError } from '../../engine/engine.ts'
import { ServiceException } from '../../service/exception.ts'
import { integer, list, required, string, structure } from '../../service/shape.ts'
import { admitRecord, appendRecords, writableStream } from '../append-records.ts'
import { dryRunSucceeded, rateExceeded, recordsTooLarge } from '../exceptions.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import { checkedEntry, type PutEntry } from '../put-entry.ts'
import {
  data,
  dryRun,
  encryptionType,
  hashKey,
  partitionKey,
  sequenceNumber,
  shardId,
  streamArn,
  streamId,
  streamName,
} from '../shapes.ts'
import type { Shard } from '../shard.ts'
import { requestedStream } from '../stream-ref.ts'
import type { FoundStream } from '../stream-store.ts'

/** Data and partition keys of a request. */
const MAX_REQUEST_BYTES = 10 * 2 ** 20

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const putRecords = operation({
  name: 'PutRecords',
  input: structure({
    Records: required(
      list(structure({ Data: required(data), ExplicitHashKey: hashKey, PartitionKey: partitionKey }), {
        min: 1,
        max: 500,
      }),
    ),
    StreamName: streamName,
    StreamARN: streamArn,
    StreamId: streamId,
    DryRun: dryRun,
  }),
  output: structure({
    FailedRecordCount: integer({ min: 1 }),
    Records: required(
      list(
        structure({
          SequenceNumber: sequenceNumber,
          ShardId: shardId,
          ErrorCode: string(),
          ErrorMessage: string(),
        }),
        { min: 1, max: 500 },
      ),
    ),
    EncryptionType: encryptionType,
  }),
  async handle(kinesis, input, caller) {
    const found = await writableStream(kinesis, requestedStream(input, caller))
    const entries = input.Records.map((record, index) =>
      checkedEntry(found.stream, record, `records.${index + 1}.member.`),
    )
    if (entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MAX_REQUEST_BYTES)
      throw recordsTooLarge(MAX_REQUEST_BYTES)
    if (input.DryRun) throw dryRunSucceeded()
    const results = await putAll(kinesis, found, entries)
    const failed = results.filter(({ ErrorCode }) => ErrorCode !== undefined)
    countPuts(kinesis, found, entries, results, failed)
    return { FailedRecordCount: failed.length, Records: results }
  },
})

interface Result {
  readonly SequenceNumber?: string
  readonly ShardId?: string
  readonly ErrorCode?: string
  readonly ErrorMessage?: string
}

const failure = ({ code, message }: ServiceException): Result => ({ ErrorCode: code, ErrorMessage: message })

/** What AWS tells of a record that it could not store for reasons of its own. */
const internalFailure: Result = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' }

/** Every shard's records at once; those of one shard stay in the order of the request. */
async function putAll(kinesis: Kinesis, found: FoundStream, entries: readonly PutEntry[]): Promise<Result[]> {
  const results: Result[] = new Array(entries.length)
  const shares = new Map<Shard, number[]>()
  for (const [index, entry] of entries.entries()) {
    const shard = found.route(entry.hashKey)
    const share = shares.get(shard)
    if (!admitRecord(kinesis, found, shard, entry))
      results[index] = failure(rateExceeded(found.ref, shard.shardId))
    else if (share) share.push(index)
    else shares.set(shard, [index])
  }
  const puts = [...shares].map(async ([shard, share]) => {
    const answers = await putShare(
      kinesis,
      found,
      shard,
      share.map((index) => entries[index]!),
    )
    for (const [nth, index] of share.entries()) results[index] = answers[nth]!
  })
  await Promise.all(puts)
  return results
}

/** One shard's records, which stand or fall together; the other shards' do not depend on it. */
async function putShare(
  kinesis: Kinesis,
  found: FoundStream,
  shard: Shard,
  entries: readonly PutEntry[],
): Promise<Result[]> {
  try {
    const numbers = await appendRecords(kinesis, found, shard, entries)
    return numbers.map((SequenceNumber) => ({ SequenceNumber, ShardId: shard.shardId }))
  } catch (error) {
    if (error instanceof ServiceException && error.code === 'ProvisionedThroughputExceededException')
      return entries.map(() => failure(error))
    if (isEngineError(error, 'StorageFull')) return entries.map(() => internalFailure)
    throw error
  }
}

function countPuts(
  { meters }: Pick<Kinesis, 'meters'>,
  { ref }: FoundStream,
  entries: readonly PutEntry[],
  results: readonly Result[],
  failed: readonly Result[],
): void {
  const count = (metric: string, value: number) =>
    meters.count('AWS/Kinesis', `PutRecords.${metric}`, { StreamName: ref.streamName }, value)
  const stored = entries.filter((_, index) => results[index]!.ErrorCode === undefined)
  const internal = failed.filter(({ ErrorCode }) => ErrorCode === internalFailure.ErrorCode).length
  count(
    'Bytes',
    stored.reduce((sum, { data }) => sum + data.length, 0),
  )
  count('Success', stored.length > 0 ? 1 : 0)
  count('TotalRecords', entries.length)
  count('SuccessfulRecords', stored.length)
  count('FailedRecords', internal)
  count('ThrottledRecords', failed.length - internal)
}
