import { required, structure } from '../../service/shape.ts'
import { dryRunSucceeded, invalidSequenceNumberForOrdering } from '../exceptions/records.ts'
import { operation } from '../kinesis.ts'
import { refusalOf } from '../limits/shard-throughput.ts'
import { checkStreamQuota } from '../limits/stream-quota.ts'
import { appendRecords, checkedEntry, checkPartitionKeys, writableStream } from '../records/append.ts'
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
import { parseEndingNumber, parseSequenceNumber } from '../shards/sequence-number.ts'
import type { StreamRef } from '../stream-ref.ts'
import { encryptionOf } from '../streams/description.ts'
import { requestedStream } from '../streams/requested.ts'

const input = structure({
  StreamName: streamName,
  Data: required(data),
  PartitionKey: putPartitionKey,
  ExplicitHashKey: hashKey,
  SequenceNumberForOrdering: sequenceNumber,
  StreamARN: streamArn,
  StreamId: streamId,
  DryRun: dryRun,
})

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export const putRecord = operation({
  name: 'PutRecord',
  input,
  output: structure({
    ShardId: required(shardId),
    SequenceNumber: required(sequenceNumber),
    EncryptionType: encryptionType,
  }),
  metrics: ({ input, durationMs }) => ({ Bytes: input.Data.length, Success: 1, Latency: durationMs }),
  async handle(kinesis, asked, caller) {
    const found = await writableStream(kinesis, requestedStream(asked, caller))
    checkPartitionKeys(found.stream, input, asked, [asked])
    const entry = checkedEntry(found.stream, asked, kinesis.random)
    checkOrdering(found.ref, asked.SequenceNumberForOrdering, kinesis.clock.now())
    if (asked.DryRun) throw dryRunSucceeded()
    checkStreamQuota(kinesis, found, [entry])
    const { shardId } = found.route(entry.hashKey)
    const refused = refusalOf(kinesis, 'write', { found, shardId }, entry.sizeBytes)
    if (refused) throw refused
    const [outcome] = await appendRecords(kinesis, found, [entry])
    if (outcome instanceof Error) throw outcome
    return {
      ShardId: outcome!.shardId,
      SequenceNumber: outcome!.sequenceNumber,
      ...encryptionOf(found.stream),
    }
  },
})

/** Positions only rise, so every record follows whatever was put before; only nonsense is left to refuse. */
function checkOrdering(ref: StreamRef, given: string | undefined, now: number): void {
  if (given === undefined) return
  const number = parseSequenceNumber(given) ?? parseEndingNumber(given)
  if (!number || number.timeSeconds * 1_000 > now) throw invalidSequenceNumberForOrdering(ref, given)
}
