import { encodeRecord } from '../engine/record.ts'
import { answering } from './engine-answer.ts'
import { rateExceeded, streamNotFound } from './exceptions.ts'
import type { Kinesis } from './kinesis.ts'
import type { PutEntry } from './put-entry.ts'
import { type Shard, sequenceNumbersOf } from './shard.ts'
import { statusOf } from './stream.ts'
import type { StreamRef } from './stream-ref.ts'
import type { FoundStream } from './stream-store.ts'

/** https://aws.amazon.com/kinesis/data-streams/pricing/: each record is billed in steps of 25 KB. */
const PAYLOAD_UNIT_BYTES = 25_600

/** The stream, if it takes records: AWS does not find one that is being created or deleted. */
export async function writableStream(
  { streams, clock }: Pick<Kinesis, 'streams' | 'clock'>,
  ref: StreamRef,
): Promise<FoundStream> {
  const found = await streams.get(ref)
  const status = statusOf(found.stream, clock.now())
  if (status !== 'ACTIVE' && status !== 'UPDATING') throw streamNotFound(ref)
  return found
}

/** Counts the record against the shard's rate; false: it is throttled. */
export function admitRecord(
  { throughput, meters }: Pick<Kinesis, 'throughput' | 'meters'>,
  { ref, group }: FoundStream,
  { shardId }: Shard,
  { sizeBytes }: PutEntry,
): boolean {
  const isAdmitted = throughput.admit('write', `${group}/${shardId}`, sizeBytes)
  if (!isAdmitted)
    meters.count('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', { StreamName: ref.streamName }, 1)
  return isAdmitted
}

/**
 * Appends records to one shard in order; resolves when they are durable, with their sequence numbers. Rejects with
 * ResourceNotFoundException when the stream went meanwhile, with ProvisionedThroughputExceededException under pressure.
 */
export async function appendRecords(
  { logs, clock, meters }: Pick<Kinesis, 'logs' | 'clock' | 'meters'>,
  { ref, stream, group }: FoundStream,
  shard: Shard,
  entries: readonly PutEntry[],
): Promise<string[]> {
  const arrivalTime = Math.floor(clock.now())
  const frames = entries.map((entry) => encodeRecord({ ...entry, arrivalTime }))
  const { first } = await logs.append({ group, log: shard.shardId }, frames).catch(
    answering({
      NoSuchGroup: () => streamNotFound(ref),
      Overloaded: () => rateExceeded(ref, shard.shardId),
    }),
  )
  const dimensions = { StreamName: ref.streamName }
  const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
  meters.count('AWS/Kinesis', 'IncomingRecords', dimensions, entries.length)
  meters.count('AWS/Kinesis', 'IncomingBytes', dimensions, bytes)
  if (stream.mode === 'PROVISIONED') meters.use('kinesis-put-payload-units', payloadUnits(entries))
  const numberAt = sequenceNumbersOf(shard)
  return entries.map((_, index) => numberAt(first + index, arrivalTime))
}

const payloadUnits = (entries: readonly PutEntry[]) =>
  entries.reduce((sum, { data }) => sum + Math.max(1, Math.ceil(data.length / PAYLOAD_UNIT_BYTES)), 0)
