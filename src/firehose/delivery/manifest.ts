import type { Random } from '../../clock/random.ts'
import type { DeliveryStream } from '../delivery-stream.ts'
import { bucketOf, extensionOf, timeZoneOf } from '../s3-settings.ts'
import type { BufferContent, LogRange } from './buffer.ts'
import type { CompressionFormat } from './compression/compression.ts'
import { objectKeyOf } from './object-key.ts'
import type { LogPosition } from './source.ts'

/**
 * A sealed batch: everything that decides the object's name and bytes. While it exists the object may or may not
 * be there; putting it again changes nothing.
 */
export interface Manifest {
  /** Counts the objects of a delivery stream. */
  readonly number: number
  readonly reason: DeliveryReason
  readonly sealedAt: number
  readonly version: number
  readonly bucket: string
  readonly key: string
  readonly compressionFormat: CompressionFormat
  readonly ranges: readonly LogRange[]
  readonly records: number
  readonly bytes: number
  readonly oldestArrival: number
  /** The checkpoint's positions once the object is there. */
  readonly after: readonly LogPosition[]
}

export type DeliveryReason = 'size' | 'interval' | 'request'

/** What remains of a manifest as history. */
export interface Delivered extends Omit<Manifest, 'after'> {
  readonly outcome: DeliveryOutcome
  readonly deliveredAt: number
}

/** `lost`: the records had gone from the log, by its retention or with the stream, before they could be put. */
export type DeliveryOutcome =
  | { readonly status: 'delivered'; readonly etag: string; readonly sizeBytes: number }
  | { readonly status: 'lost' }

export interface Batch {
  readonly number: number
  readonly reason: DeliveryReason
  readonly content: BufferContent
  readonly after: readonly LogPosition[]
}

export function sealBatch(
  { name, version, destination }: DeliveryStream,
  { number, reason, content, after }: Batch,
  sealedAt: number,
  random: Random,
): Manifest {
  const { ranges, records, bytes, oldestArrival } = content
  return {
    number,
    reason,
    sealedAt,
    version,
    bucket: bucketOf(destination),
    key: objectKeyOf(
      {
        prefix: destination.prefix ?? '',
        name,
        version,
        oldestArrival,
        timeZone: timeZoneOf(destination),
        extension: extensionOf(destination),
      },
      random,
    ),
    compressionFormat: destination.compressionFormat,
    ranges,
    records,
    bytes,
    oldestArrival,
    after,
  }
}
