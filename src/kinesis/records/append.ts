import { isEngineError } from '../../engine/engine.ts'
import { encodeRecord } from '../../engine/record.ts'
import { ServiceException } from '../../service/exception.ts'
import { rateExceeded, streamNotFound } from '../exceptions/exceptions.ts'
import type { Kinesis } from '../kinesis.ts'
import { growOnDemand } from '../limits/grow-on-demand.ts'
import { countForShard } from '../metering/cloud-watch.ts'
import { type Shard, sequenceNumbersOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { FoundStream } from '../streams/store.ts'
import { statusOf } from '../streams/stream.ts'
import { answering } from './engine-answer.ts'
import type { PutEntry } from './entry.ts'

/**
 * Each record is billed in such steps, by the stream's mode. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
const PAYLOAD_UNIT_BYTES = 25_600
const ON_DEMAND_STEP_BYTES = 1_024

/** How often a record may meet a shard that was just closed: that many reshardings in the time of one request. */
const MAX_ROUTINGS = 10

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
  found: FoundStream,
  { shardId }: Shard,
  { sizeBytes }: PutEntry,
): boolean {
  const isAdmitted = throughput.admit('write', `${found.group}/${shardId}`, sizeBytes)
  if (!isAdmitted) countForShard(meters, found, shardId, 'WriteProvisionedThroughputExceeded', 1)
  return isAdmitted
}

/** Where a record now is, or why it was not stored. */
export type Outcome = { readonly shardId: string; readonly sequenceNumber: string } | Error

/**
 * Appends records to the shards of their hash keys, those of one shard in order; resolves when they are durable. The
 * records of one shard stand or fall together: with ProvisionedThroughputExceededException under pressure,
 * ResourceNotFoundException when the stream went meanwhile, or the engine's error.
 */
export async function appendRecords(
  kinesis: Kinesis,
  found: FoundStream,
  entries: readonly PutEntry[],
  routings = MAX_ROUTINGS,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array(entries.length)
  const shares = new Map<Shard, number[]>()
  for (const [index, { hashKey }] of entries.entries()) {
    const shard = found.route(hashKey)
    const share = shares.get(shard)
    if (share) share.push(index)
    else shares.set(shard, [index])
  }
  const appends = [...shares].map(async ([shard, share]) => {
    const records = share.map((index) => entries[index]!)
    const answers = await appendShare(kinesis, found, shard, records, routings)
    for (const [nth, index] of share.entries()) outcomes[index] = answers[nth]!
  })
  await Promise.all(appends)
  return outcomes
}

async function appendShare(
  kinesis: Kinesis,
  found: FoundStream,
  shard: Shard,
  entries: readonly PutEntry[],
  routings: number,
): Promise<Outcome[]> {
  try {
    const { first, arrivalTime } = await append(kinesis, found, shard, entries)
    const numberAt = sequenceNumbersOf(shard)
    return entries.map((_, index) => ({
      shardId: shard.shardId,
      sequenceNumber: numberAt(first + index, arrivalTime),
    }))
  } catch (error) {
    if (isEngineError(error, 'LogSealed') && routings > 1)
      return await appendToChildren(kinesis, found.ref, shard, entries, routings - 1)
    const failure = isEngineError(error, 'LogSealed') ? rateExceeded(found.ref, shard.shardId) : error
    return entries.map(() => failure as Error)
  }
}

/** The shard was closed after the stream was looked up. None of the records was stored. */
async function appendToChildren(
  kinesis: Kinesis,
  ref: StreamRef,
  { shardId }: Shard,
  entries: readonly PutEntry[],
  routings: number,
): Promise<Outcome[]> {
  try {
    return await appendRecords(kinesis, await kinesis.streams.afterSeal(ref, shardId), entries, routings)
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error
    return entries.map(() => error)
  }
}

async function append(
  kinesis: Kinesis,
  found: FoundStream,
  shard: Shard,
  entries: readonly PutEntry[],
): Promise<{ first: number; arrivalTime: number }> {
  const { logs, clock, meters } = kinesis
  const { ref, stream, group } = found
  const arrivalTime = Math.floor(clock.now())
  const encrypted = stream.keyId !== undefined
  const frames = entries.map((entry) => encodeRecord({ ...entry, arrivalTime, encrypted }))
  const { first } = await logs.append({ group, log: shard.shardId }, frames).catch(
    answering({
      NoSuchGroup: () => streamNotFound(ref),
      Overloaded: () => rateExceeded(ref, shard.shardId),
    }),
  )
  const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
  countForShard(meters, found, shard.shardId, 'IncomingRecords', entries.length)
  countForShard(meters, found, shard.shardId, 'IncomingBytes', bytes)
  meters.arrive(group, bytes)
  if (stream.mode === 'PROVISIONED')
    meters.use('kinesis-put-payload-units', stepsOf(entries, PAYLOAD_UNIT_BYTES))
  else {
    const billedBytes = stepsOf(entries, ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES
    meters.use('kinesis-on-demand-in-bytes', billedBytes)
    // The records are stored: that the stream cannot grow is no reason to have them put again. The next put tries anew.
    await growOnDemand(kinesis, found, { records: entries.length, bytes }).catch(() => undefined)
  }
  return { first, arrivalTime }
}

const stepsOf = (entries: readonly PutEntry[], stepBytes: number) =>
  entries.reduce((sum, { data }) => sum + Math.max(1, Math.ceil(data.length / stepBytes)), 0)
