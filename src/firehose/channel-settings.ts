import type { CompressionFormat } from '../delivery/compressions/compressions.ts'

/** What a Kinesis channel asks of delivery. Made of the channel's own document whenever that is read, and never stored. */
export interface ChannelSettings {
  readonly id: string
  readonly name: string
  readonly arn: string
  readonly documentKey: string
  readonly streamName: string
  /** Why nothing is delivered; absent: it is. */
  readonly failure?: string | undefined
  readonly objects: ChannelPlace
  readonly deadLetters: ChannelPlace
  /** What is wrong with a record that has to go to the dead letters; absent: all are right. */
  readonly flawOf?: ((data: Uint8Array) => string | undefined) | undefined
}

export interface ChannelPlace {
  readonly bucket: string
  /** The account that has to own the bucket. */
  readonly expectedBucketOwner: string
  readonly storageClass: string
  readonly compressionFormat: CompressionFormat
  /** An object's full key, by its own id and by when its oldest record arrived, ms since 1970. */
  readonly keyOf: (object: { readonly id: string; readonly oldestArrival: number }) => string
}
