import { invalidExplicitHashKey, partitionKeyMissing, recordTooLarge } from './exceptions.ts'
import { hashKeyOf, parseHashKey } from './hash-key.ts'
import type { Stream } from './stream.ts'

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

/**
 * Throws ValidationException or InvalidArgumentException unless the stream takes this record; `path` is where it is in
 * the request. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html
 */
export function checkedEntry(
  { maxRecordSizeInKiB }: Stream,
  { Data, PartitionKey, ExplicitHashKey }: RequestedEntry,
  path = '',
): PutEntry {
  if (PartitionKey === undefined) throw partitionKeyMissing(`${path}partitionKey`)
  const maxBytes = maxRecordSizeInKiB * 1_024
  const sizeBytes = Data.length + Buffer.byteLength(PartitionKey)
  if (sizeBytes > maxBytes)
    throw recordTooLarge(`${path}data`, Data.length > maxBytes ? Data.length : sizeBytes, maxBytes)
  const hashKey = ExplicitHashKey === undefined ? hashKeyOf(PartitionKey) : parseHashKey(ExplicitHashKey)
  if (!hashKey) throw invalidExplicitHashKey(String(ExplicitHashKey))
  return { data: Data, partitionKey: PartitionKey, hashKey, sizeBytes }
}
