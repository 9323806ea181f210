import type { Random } from '../../clock/random.ts'
import { errorPlanOf, type Plan, planOf } from '../../firehose/destinations/s3/plan.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import type { CompressionFormat } from '../compressions/compressions.ts'
import type { BufferContent, LogRange } from '../line/buffer.ts'
import type { Outlet } from '../progress/outlet.ts'
import type { LogPosition } from '../progress/source.ts'
import type { Origin } from '../reading/reading.ts'

/** Why a batch could not be delivered to its own place. */
export interface Failure {
  /** `S3.NoSuchBucket`, `InternalError`, … */
  readonly code: string
  readonly message: string
  readonly at: number
}

/**
 * A sealed batch: everything that decides the object's name and bytes. While it exists the object may or may not
 * be there; putting it again changes nothing.
 */
export interface Manifest {
  /** By chance alone; also the UUID in the key. */
  readonly id: string
  /** Counts the objects of an outlet. */
  readonly number: number
  readonly kind: Outlet['kind']
  readonly reason: DeliveryReason
  readonly sealedAt: number
  readonly version: number
  readonly bucket: string
  readonly key: string
  readonly compressionFormat: CompressionFormat
  /** After each record; base64. */
  readonly delimiter?: string
  readonly storageClass?: string
  readonly expectedBucketOwner?: string
  readonly ranges: readonly LogRange[]
  readonly origins?: readonly LogRange[]
  readonly seen?: { readonly before: readonly Origin[]; readonly after: readonly Origin[] }
  /** What it was sealed with and is gone from its log; `records` and the like are what is left. */
  readonly gone?: readonly LogRange[]
  readonly records: number
  readonly bytes: number
  readonly oldestArrival: number
  readonly partitionKeys?: Readonly<Record<string, string>>
  /** Until when it is tried, ms since 1970. */
  readonly giveUpAt: number
  /** Its own place failed for too long: the records go below the ErrorOutputPrefix, with this. */
  readonly givenUp?: Failure & { readonly attempts: number }
  /** The checkpoint's positions once the object is there. */
  readonly after: readonly LogPosition[]
}

export type DeliveryReason = 'size' | 'interval' | 'flush'

/** What remains of a manifest as history. */
export interface Delivered extends Omit<Manifest, 'after' | 'seen'> {
  readonly outcome: DeliveryOutcome
  readonly deliveredAt: number
  /** As counted since the process began; absent in data folders of former versions. */
  readonly attempts?: number
}

/** `lost`: all records had gone from the log before they could be put, or every place failed for too long. */
export type DeliveryOutcome =
  | { readonly status: 'delivered'; readonly etag: string; readonly sizeBytes: number }
  | { readonly status: 'lost'; readonly why: string }

export interface Batch {
  readonly number: number
  readonly reason: DeliveryReason
  readonly content: BufferContent
  readonly after: readonly LogPosition[]
}

export function sealBatch(
  outlet: Outlet,
  stream: DeliveryStream,
  { number, reason, content, after }: Batch,
  sealedAt: number,
  random: Random,
): Manifest {
  const { billedBytes: _billed, ...batch } = content
  const manifest = { number, kind: outlet.kind, reason, sealedAt, ...batch, after }
  const keys = outlet.partition?.keys
  const named = { ...manifest, ...(keys && { partitionKeys: keys }) }
  return place(named, planOf(outlet, stream), stream, random)
}

/** The same batch under the settings of now: for a place that never took it and has been changed. */
export const placeAnew = (
  manifest: Manifest,
  outlet: Outlet,
  stream: DeliveryStream,
  random: Random,
): Manifest => place(manifest, planOf(outlet, stream), stream, random)

/** The same batch as error records. */
export const placeAsErrors = (
  manifest: Manifest,
  givenUp: NonNullable<Manifest['givenUp']>,
  stream: DeliveryStream,
  random: Random,
): Manifest => ({ ...place(manifest, errorPlanOf(stream), stream, random), givenUp })

type Placeless = Omit<Manifest, 'id' | 'version' | 'bucket' | 'key' | 'compressionFormat' | 'giveUpAt'>

function place(batch: Placeless, plan: Plan, { version }: DeliveryStream, random: Random): Manifest {
  const { delimiter: _delimiter, storageClass: _class, expectedBucketOwner: _owner, ...lasting } = batch
  const { keyOf, delimiter, retryMs, ...settings } = plan
  const { oldestArrival, partitionKeys, sealedAt } = batch
  const id = random.uuid()
  return {
    ...lasting,
    ...settings,
    id,
    version,
    key: keyOf({ id, oldestArrival, ...(partitionKeys && { partitionKeys }) }, random),
    ...(delimiter && { delimiter: Buffer.from(delimiter).toString('base64') }),
    giveUpAt: sealedAt + retryMs,
  }
}
