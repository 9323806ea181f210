import type { Change } from '../../engine/ports/engine.ts'

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
  /** What delivers it, and the role that it has for that. */
  readonly jobArn: string
  readonly roleArn?: string
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
