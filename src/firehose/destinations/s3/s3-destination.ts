import {
  type Consignment,
  type Destination,
  DestinationError,
  type Place,
} from '../../../delivery/destination.ts'
import type { DeliveryObject, ObjectStore } from '../object-store.ts'

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
    siteOf: (place) => s3PlaceOf(place).bucket,
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
