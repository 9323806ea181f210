import type { Change } from '../engine/ports/engine.ts'

/** Where a batch goes, in its destination's own words; kept with the batch, so that it goes there again after a crash. */
export type Place = Readonly<Record<string, string>>

/** What is put whole, or not at all. */
export interface Consignment {
  readonly place: Place
  /** The same bytes each time it is called. */
  readonly body: () => AsyncIterable<Uint8Array>
  readonly contentEncoding?: string
  /** On whose behalf. */
  readonly account: string
  readonly region: string
  /** What is delivering, and the role that it has for that. */
  readonly jobArn: string
  readonly roleArn?: string
}

/** What the destination says of what it took; kept as long as the delivery is remembered. */
export interface Receipt extends Readonly<Record<string, string | number>> {
  readonly sizeBytes: number
}

export interface Put {
  readonly receipt: Receipt
  /** What makes it visible, where that is one commit with the checkpoint's. Absent: it is there. */
  readonly changes?: readonly Change[]
}

/**
 * Where delivery writes. One that stores within the same engine gives its `changes` to be committed together with the
 * checkpoint; any other has to know what it took already, by its place.
 */
export interface Destination {
  /**
   * Resolves when it is durable, or will be with the commit of its changes. Rejects with a DestinationError.
   * Putting the same a second time is harmless.
   */
  put(consignment: Consignment, signal: AbortSignal): Promise<Put>
  /**
   * What a put has left in a place of ours although nobody heard of it; undefined if there is nothing. Absent where
   * something is there only with the commit of its changes.
   */
  find?(consignment: Omit<Consignment, 'body'>, signal: AbortSignal): Promise<Receipt | undefined>
  /**
   * What a place lies in and shares with others, as a bucket is: an error that `isOfSite` is one of all of them. Absent, or
   * undefined: each place stands for itself.
   */
  siteOf?(place: Place): string | undefined
  /** Its own for each place: by it a delivery is found again from what it made. */
  nameOf(place: Place): string
}

/** By their types, which plans and manifests name. */
export type Destinations = Readonly<Record<string, Destination>>

/** Throws when there is none of that type (any more). */
export function destinationOf(destinations: Destinations, { destination }: { readonly destination: string }) {
  const found = destinations[destination]
  if (!found) throw new Error(`there is no destination of the type ${destination}`)
  return found
}

/** Undefined where the place stands for itself. */
export const siteOf = (
  destinations: Destinations,
  { destination, place }: { readonly destination: string; readonly place: Place },
): string | undefined => destinationOf(destinations, { destination }).siteOf?.(place)

/** What deliveries to these destinations are found again by. */
export const nameIn =
  (destinations: Destinations) =>
  (delivered: { readonly destination: string; readonly place: Place }): string =>
    destinationOf(destinations, delivered).nameOf(delivered.place)

/** Codes: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
export class DestinationError extends Error {
  /** `S3.NoSuchBucket`, `S3.AccessDenied`, …, `StorageFull` of our own disk, `InternalError`. */
  readonly code: string
  /** No clear answer came: it may be there all the same. */
  readonly isUncertain: boolean
  /** Nothing can be in that place, whatever was tried before. */
  readonly isNowhere: boolean
  /** Nothing is taken there now, whatever it is and under whatever key. */
  readonly isOfSite: boolean
  /** What the role does not allow; told as a problem until it does. */
  readonly denial: string | undefined

  constructor({
    code,
    message,
    isUncertain = false,
    isNowhere = false,
    isOfSite = isNowhere,
    denial,
    cause,
  }: {
    code: string
    message: string
    isUncertain?: boolean
    isNowhere?: boolean
    isOfSite?: boolean
    denial?: string
    cause?: unknown
  }) {
    super(message, { cause })
    this.name = 'DestinationError'
    this.code = code
    this.isUncertain = isUncertain
    this.isNowhere = isNowhere
    this.isOfSite = isOfSite
    this.denial = denial
  }
}
