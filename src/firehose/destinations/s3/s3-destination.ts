import type { FailedDelivery } from '../../../delivery/delivery-ports.ts'
import {
  type Consignment,
  type Destination,
  DestinationError,
  type Place,
} from '../../../delivery/destination.ts'
import type { Change } from '../../../engine/ports/engine.ts'

/** One object to be written whole. */
export interface DeliveryObject {
  readonly bucket: string
  readonly key: string
  /** The same bytes each time it is called. */
  readonly body: () => AsyncIterable<Uint8Array>
  readonly contentType: string
  readonly contentEncoding?: string
  readonly storageClass?: string
  /** The account that has to own the bucket, if it matters. */
  readonly expectedBucketOwner?: string
  readonly account: string
  readonly region: string
}

export interface PutObject {
  readonly etag: string
  readonly sizeBytes: number
  /** What makes the object visible, where that is one commit with the checkpoint's. Absent: it is there. */
  readonly changes?: readonly Change[]
}

/** An S3 that objects are delivered to: the embedded one, or another. */
export interface ObjectStore {
  /**
   * Resolves when the object is durable, or will be with the commit of its changes. Rejects with a DestinationError.
   * Putting the same object twice is harmless.
   */
  put(object: DeliveryObject, signal: AbortSignal): Promise<PutObject>
  /**
   * The object that a put has left under a key of ours although nobody heard of it; undefined if there is none. Absent
   * where an object is there only with the commit of its changes.
   */
  find?(object: Omit<DeliveryObject, 'body'>, signal: AbortSignal): Promise<PutObject | undefined>
}

/** AWS gives every object this type. */
const CONTENT_TYPE = 'application/octet-stream'
/** Where there is no bucket there is no object. */
const NO_SUCH_BUCKET = 'S3.NoSuchBucket'

/** What delivery puts becomes objects of an S3. */
export function s3Destination({ put, find }: ObjectStore): Destination {
  return {
    async put({ body, ...consignment }, signal) {
      const object = { ...objectOf(consignment), body }
      const { changes, ...receipt } = await put(object, signal).catch(unlessNowhere)
      return { receipt, ...(changes && { changes }) }
    },
    ...(find && {
      async find(consignment, signal) {
        const found = await find(objectOf(consignment), signal).catch(unlessNowhere)
        if (!found) return undefined
        const { etag, sizeBytes } = found
        return { etag, sizeBytes }
      },
    }),
    nameOf: (place) => objectNameOf(s3PlaceOf(place)),
  }
}

/** By which a delivered object is found again. */
export const objectNameOf = ({ bucket, key }: S3Place): string => `${bucket}/${key}`

/** Where an object is, and how it is stored there. */
export interface S3Place {
  readonly bucket: string
  readonly key: string
  /** Absent: the bucket's default. */
  readonly storageClass?: string
  readonly expectedBucketOwner?: string
}

/** Every place of this destination has them. */
export function s3PlaceOf({ bucket, key, storageClass, expectedBucketOwner }: Place): S3Place {
  if (bucket === undefined || key === undefined) throw new Error('a place in S3 has a bucket and a key')
  return {
    ...{ bucket, key },
    ...(storageClass !== undefined && { storageClass }),
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
  }
}

const objectOf = ({ place, ...consignment }: Omit<Consignment, 'body'>): Omit<DeliveryObject, 'body'> => ({
  ...consignment,
  ...s3PlaceOf(place),
  contentType: CONTENT_TYPE,
})

function unlessNowhere(failure: unknown): never {
  if (!(failure instanceof DestinationError) || failure.code !== NO_SUCH_BUCKET) throw failure
  const { code, message, isUncertain, cause } = failure
  throw new DestinationError({ code, message, isUncertain, cause, isNowhere: true })
}

/**
 * What AWS writes into the delivery stream's log group when a delivery fails.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
export interface ErrorLogRecord {
  readonly deliveryStreamARN: string
  readonly destination: string
  readonly deliveryStreamVersionId: number
  readonly message: string
  readonly errorCode: string
}

export const errorLogRecordOf = ({ job, place, version, failure }: FailedDelivery): ErrorLogRecord => ({
  deliveryStreamARN: job.arn,
  destination: `arn:aws:s3:::${place.bucket}`,
  deliveryStreamVersionId: version,
  message: failure.message,
  errorCode: failure.code,
})
