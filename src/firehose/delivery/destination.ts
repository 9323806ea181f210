/** One object to be written whole. */
export interface DeliveryObject {
  readonly bucket: string
  readonly key: string
  /** The same bytes each time it is called. */
  readonly body: () => AsyncIterable<Uint8Array>
  readonly contentType: string
  readonly contentEncoding?: string
  readonly account: string
  readonly region: string
}

/** Where delivery writes; start.ts decides which S3 that is. */
export interface Destination {
  /** Resolves when the object is durable. Rejects with a DestinationError. Putting the same object twice is harmless. */
  put(object: DeliveryObject, signal: AbortSignal): Promise<{ etag: string; sizeBytes: number }>
}

/** Codes: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
export class DestinationError extends Error {
  /** `S3.NoSuchBucket`, `S3.AccessDenied`, …, `InternalError`. */
  readonly code: string
  readonly retryable: boolean

  constructor({
    code,
    message,
    retryable,
    cause,
  }: {
    code: string
    message: string
    retryable: boolean
    cause?: unknown
  }) {
    super(message, { cause })
    this.name = 'DestinationError'
    this.code = code
    this.retryable = retryable
  }
}
