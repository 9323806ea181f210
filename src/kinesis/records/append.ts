import type { Random } from '../../clock/random.ts'
import { isEngineError } from '../../engine/ports/engine.ts'
import { encodeRecords } from '../../engine/ports/record.ts'
import { ServiceException } from '../../service/exception.ts'
import { free } from '../../service/memory/free.ts'
import type { StructureShape } from '../../service/shape.ts'
import { validateUnwaived } from '../../service/validation/validate.ts'
import { answering } from '../exceptions/kinds.ts'
import { invalidExplicitHashKey, rateExceeded, recordTooLarge } from '../exceptions/records.ts'
import { streamNotFound } from '../exceptions/streams.ts'
import { type Growing, growOnDemand } from '../limits/on-demand-shards.ts'
import { hashKeyOf, parseHashKey, type Shard, sequenceNumbersOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { FoundStream } from '../streams/store.ts'
import { type Stream, statusOf } from '../streams/stream.ts'
import { countStored } from '../usage.ts'

/** How often a record may meet a shard that was just closed: that many reshardings in the time of one request. */
const MAX_ROUTINGS = 10

/** The stream, if it takes records: AWS does not find one that is being created or deleted. */
export async function writableStream(
  { streams, clock }: Pick<Growing, 'streams' | 'clock'>,
  ref: StreamRef,
): Promise<FoundStream> {
  const found = await streams.get(ref)
  const status = statusOf(found.stream, clock.now())
  if (status !== 'ACTIVE' && status !== 'UPDATING') throw streamNotFound(ref)
  return found
}

/** Where a record now is, or why it was not stored. */
export type Outcome = { readonly shardId: string; readonly sequenceNumber: string } | Error

/**
 * Appends records to the shards of their hash keys, those of one shard in order; resolves when they are durable. The
 * records of one shard stand or fall together: with ProvisionedThroughputExceededException under pressure,
 * ResourceNotFoundException when the stream went meanwhile, or the engine's error.
 */
export async function appendRecords(
  ports: Growing,
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
    const answers = await appendShare(ports, { found, shard, entries: records, routings })
    for (const [nth, index] of share.entries()) outcomes[index] = answers[nth]!
  })
  await Promise.all(appends)
  return outcomes
}

/** What goes to one shard. */
interface Share {
  readonly found: FoundStream
  readonly shard: Shard
  readonly entries: readonly PutEntry[]
  readonly routings: number
}

async function appendShare(ports: Growing, share: Share): Promise<Outcome[]> {
  const { found, shard, entries, routings } = share
  try {
    const { first, arrivalTime } = await append(ports, found, shard, entries)
    const numberAt = sequenceNumbersOf(shard)
    return entries.map((_, index) => ({
      shardId: shard.shardId,
      sequenceNumber: numberAt(first + index, arrivalTime),
    }))
  } catch (error) {
    if (isEngineError(error, 'LogSealed') && routings > 1) return await appendToChildren(ports, share)
    const failure = isEngineError(error, 'LogSealed') ? rateExceeded(found.ref, shard.shardId) : error
    return entries.map(() => failure as Error)
  }
}

/** The shard was closed after the stream was looked up. None of the records was stored. */
async function appendToChildren(
  ports: Growing,
  { found: { ref }, shard: { shardId }, entries, routings }: Share,
): Promise<Outcome[]> {
  try {
    return await appendRecords(ports, await ports.streams.afterSeal(ref, shardId), entries, routings - 1)
  } catch (error) {
    if (!(error instanceof ServiceException)) throw error
    return entries.map(() => error)
  }
}

async function append(
  ports: Growing,
  found: FoundStream,
  shard: Shard,
  entries: readonly PutEntry[],
): Promise<{ first: number; arrivalTime: number }> {
  const { logs, clock, meters } = ports
  const { ref, stream, group } = found
  const arrivalTime = Math.floor(clock.now())
  const encrypted = stream.keyId !== undefined
  const frames = encodeRecords(entries, { arrivalTime, encrypted })
  const { first } = await logs.append({ group, log: shard.shardId }, frames.entries).catch(
    answering({
      NoSuchGroup: () => streamNotFound(ref),
      Overloaded: () => rateExceeded(ref, shard.shardId),
    }),
  )
  free(frames.whole)
  const bytes = entries.reduce((sum, { data }) => sum + data.length, 0)
  countStored(meters, found, shard.shardId, { records: entries, bytes })
  if (stream.mode === 'ON_DEMAND') await growOnDemand(ports, found, { records: entries.length, bytes })
  return { first, arrivalTime }
}

const HASH_KEY_BYTES = 16

/** A record that may be put. */
export interface PutEntry {
  readonly data: Uint8Array
  readonly partitionKey: string
  readonly hashKey: Uint8Array
  /** Data and partition key: what AWS's limits count. */
  readonly sizeBytes: number
}

interface RequestedEntry {
  readonly Data: Uint8Array
  readonly PartitionKey?: string | undefined
  readonly ExplicitHashKey?: string | undefined
}

type Taking = Pick<Stream, 'maxRecordSizeInKiB' | 'recordDistributionStrategy'>

/** Throws ValidationException, which names those that have none, unless the stream distributes the records itself. */
export function checkPartitionKeys(
  { recordDistributionStrategy }: Taking,
  shape: StructureShape,
  input: object,
  records: readonly Pick<RequestedEntry, 'PartitionKey'>[],
): void {
  if (recordDistributionStrategy === 'AUTO') return
  if (records.some(({ PartitionKey }) => PartitionKey === undefined)) validateUnwaived(shape, input)
}

/**
 * Throws ValidationException or InvalidArgumentException unless the stream takes this record; `path` is where it is in
 * the request. A stream that distributes records itself ignores the keys that come with them.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html
 */
export function checkedEntry(
  { maxRecordSizeInKiB, recordDistributionStrategy }: Taking,
  { Data, PartitionKey, ExplicitHashKey }: RequestedEntry,
  random: Pick<Random, 'bytes'>,
  path = '',
): PutEntry {
  const isDistributed = recordDistributionStrategy === 'AUTO'
  const partitionKey = PartitionKey ?? ''
  const maxBytes = maxRecordSizeInKiB * 1_024
  const sizeBytes = Data.length + Buffer.byteLength(partitionKey)
  if (sizeBytes > maxBytes) throw recordTooLarge(`${path}data`, maxBytes)
  const hashKey = isDistributed ? random.bytes(HASH_KEY_BYTES) : givenHashKey(partitionKey, ExplicitHashKey)
  return { data: Data, partitionKey, hashKey, sizeBytes }
}

function givenHashKey(partitionKey: string, explicit: string | undefined): Uint8Array {
  const hashKey = explicit === undefined ? hashKeyOf(partitionKey) : parseHashKey(explicit)
  if (!hashKey) throw invalidExplicitHashKey(String(explicit))
  return hashKey
}
