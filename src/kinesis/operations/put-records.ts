import { isEngineError } from '../../engine/ports/engine.ts'
import { ServiceException } from '../../service/exception.ts'
import { integer, list, required, string, structure } from '../../service/shape.ts'
import { dryRunSucceeded, recordsTooLarge } from '../exceptions/records.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import { refusalOf } from '../limits/shard-throughput.ts'
import { checkStreamQuota } from '../limits/stream-quota.ts'
import {
  appendRecords,
  checkedEntry,
  checkPartitionKeys,
  type Outcome,
  type PutEntry,
  writableStream,
} from '../records/append.ts'
import {
  data,
  dryRun,
  encryptionType,
  hashKey,
  putPartitionKey,
  sequenceNumber,
  shardId,
  streamArn,
  streamId,
  streamName,
} from '../shapes.ts'
import { encryptionOf } from '../streams/description.ts'
import { requestedStream } from '../streams/requested.ts'
import type { FoundStream } from '../streams/store.ts'

/** Data and partition keys of a request. */
const MAX_REQUEST_BYTES = 10 * 2 ** 20

const input = structure({
  Records: required(
    list(structure({ Data: required(data), ExplicitHashKey: hashKey, PartitionKey: putPartitionKey }), {
      min: 1,
      max: 500,
    }),
  ),
  StreamName: streamName,
  StreamARN: streamArn,
  StreamId: streamId,
  DryRun: dryRun,
})

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const putRecords = operation({
  name: 'PutRecords',
  input,
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
  metrics: ({ input, output, durationMs }) => ({
    ...countsOf(input.Records, output?.Records ?? []),
    Latency: durationMs,
  }),
  async handle(kinesis, asked, caller) {
    const found = await writableStream(kinesis, requestedStream(asked, caller))
    checkPartitionKeys(found.stream, input, asked, asked.Records)
    const entries = asked.Records.map((record, index) =>
      checkedEntry(found.stream, record, kinesis.random, `records.${index + 1}.member.`),
    )
    if (entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MAX_REQUEST_BYTES)
      throw recordsTooLarge(MAX_REQUEST_BYTES)
    if (asked.DryRun) throw dryRunSucceeded()
    checkStreamQuota(kinesis, found, entries)
    const results = await putAll(kinesis, found, entries)
    return {
      FailedRecordCount: results.filter(isFailed).length,
      Records: results,
      ...encryptionOf(found.stream),
    }
  },
})

interface Result {
  readonly SequenceNumber?: string | undefined
  readonly ShardId?: string | undefined
  readonly ErrorCode?: string | undefined
  readonly ErrorMessage?: string | undefined
}

const isFailed = ({ ErrorCode }: Result): boolean => ErrorCode !== undefined

const failure = ({ code, message }: ServiceException): Result => ({ ErrorCode: code, ErrorMessage: message })

/** What AWS tells of a record that it could not store for reasons of its own. */
const internalFailure: Result = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' }

/** A record that its shard's rate does not allow, or that cannot be stored, does not stand in the way of the others. */
async function putAll(kinesis: Kinesis, found: FoundStream, entries: readonly PutEntry[]): Promise<Result[]> {
  const results: Result[] = new Array(entries.length)
  const admitted: number[] = []
  for (const [index, entry] of entries.entries()) {
    const { shardId } = found.route(entry.hashKey)
    const refused = refusalOf(kinesis, 'write', { found, shardId }, entry.sizeBytes)
    if (refused) results[index] = failure(refused)
    else admitted.push(index)
  }
  const outcomes = await appendRecords(
    kinesis,
    found,
    admitted.map((index) => entries[index]!),
  )
  for (const [nth, index] of admitted.entries()) results[index] = resultOf(outcomes[nth]!)
  return results
}

function resultOf(outcome: Outcome): Result {
  if (!(outcome instanceof Error)) return { SequenceNumber: outcome.sequenceNumber, ShardId: outcome.shardId }
  const isThrottled =
    outcome instanceof ServiceException && outcome.code === 'ProvisionedThroughputExceededException'
  if (isThrottled) return failure(outcome)
  if (isEngineError(outcome, 'StorageFull') || isEngineError(outcome, 'Unavailable')) return internalFailure
  throw outcome
}

/** A record that was refused for the sake of its shard counts as throttled, whatever else went wrong as failed. */
function countsOf(records: readonly { readonly Data: Uint8Array }[], results: readonly Result[]) {
  const stored = records.filter((_, index) => !isFailed(results[index]!))
  const failed = results.filter(isFailed)
  const internal = failed.filter(({ ErrorCode }) => ErrorCode === internalFailure.ErrorCode).length
  return {
    Bytes: stored.reduce((sum, { Data }) => sum + Data.length, 0),
    Success: stored.length > 0 ? 1 : 0,
    TotalRecords: records.length,
    SuccessfulRecords: stored.length,
    FailedRecords: internal,
    ThrottledRecords: failed.length - internal,
  }
}
