import type { Random } from '../../clock/random.ts'
import { invalidExplicitHashKey, partitionKeyMissing, recordTooLarge } from '../exceptions/records.ts'
import { hashKeyOf, parseHashKey } from '../shards/hash-key.ts'
import type { Stream } from '../streams/stream.ts'

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
  if (PartitionKey === undefined && !isDistributed) throw partitionKeyMissing(`${path}partitionKey`)
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
