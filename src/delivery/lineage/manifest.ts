import { list, type Members, maybe, number, object, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document, documentAs } from '../../engine/ports/document.ts'
import { type CompressionFormat, isCompressionFormat } from '../compressions.ts'
import type { Place, Receipt } from '../destination.ts'
import { JOINED } from '../formats/formats.ts'
import { type Content, type LogPosition, type LogRange, logPosition } from '../reading/log-range.ts'

/** What leaves by an outlet: objects, those of one partition, what failed, or the source's records as they are. */
export type OutletKind = 'objects' | 'partition' | 'errors' | 'backup'

export type DeliveryReason = 'size' | 'interval' | 'flush'

/** Why a batch could not be delivered to its own place. */
export interface Failure {
  /** `S3.NoSuchBucket`, `InternalError`, … */
  readonly code: string
  readonly message: string
  readonly at: number
}

/**
 * A sealed batch: everything that decides where it goes and what its bytes are. While it exists it may or may not be
 * there; putting it again changes nothing.
 */
export interface Manifest extends Omit<Content, 'billedBytes'> {
  /** By chance alone; also the UUID in an object's key. */
  readonly id: string
  /** Counts what an outlet has delivered. */
  readonly number: number
  readonly kind: OutletKind
  readonly reason: DeliveryReason
  readonly sealedAt: number
  readonly version: number
  /** Its type. */
  readonly destination: string
  readonly place: Place
  /** Its name. */
  readonly format: string
  readonly compressionFormat: CompressionFormat
  /** After each record; base64. */
  readonly delimiter?: string
  /** What it was sealed with and is gone from its log; `records` and the like are what is left. */
  readonly gone?: readonly LogRange[]
  readonly partitionKeys?: Readonly<Record<string, string>>
  /** When its records go to the errors if its own place still fails, ms since 1970. Absent: never. */
  readonly giveUpAt?: number
  /** Its own place failed for too long: its records go to the errors, with this. */
  readonly givenUp?: Failure & { readonly attempts: number }
  /** The checkpoint's positions once it is there. */
  readonly after: readonly LogPosition[]
}

/** What remains of a manifest as history. */
export interface Delivered extends Omit<Manifest, 'after' | 'seen'> {
  readonly outcome: DeliveryOutcome
  readonly deliveredAt: number
  /** As counted since the process began; absent in data folders of former versions. */
  readonly attempts?: number
  /** Of how many records the next begins on the same line; absent where something stands between them, or nobody looked. */
  readonly runTogether?: number
}

/** `lost`: all records had gone from the log before they could be put; in former versions also when every place failed. */
export type DeliveryOutcome =
  | ({ readonly status: 'delivered' } & Receipt)
  | { readonly status: 'lost'; readonly why: string }

/** Where manifests went before they said it; theirs have their place's words among their own. */
const FIRST_DESTINATION = 's3'

/** Every word of a manifest, or of what remains of it, that is none of its place's. */
const OWN: Readonly<Record<keyof Manifest | keyof Delivered, true>> = {
  ...{ id: true, number: true, kind: true, reason: true, sealedAt: true, version: true },
  ...{ destination: true, place: true, format: true, compressionFormat: true, delimiter: true },
  ...{ ranges: true, origins: true, seen: true, gone: true, records: true, bytes: true },
  ...{ oldestArrival: true, partitionKeys: true, giveUpAt: true, givenUp: true, after: true },
  ...{ outcome: true, deliveredAt: true, attempts: true, runTogether: true },
}

type Kept = Pick<Manifest, 'destination' | 'place' | 'format'>

/** As it is kept. */
export function keptOf<T extends Kept>({ destination, place, format, ...own }: T): object {
  return {
    ...own,
    ...(destination === FIRST_DESTINATION ? place : { destination, place }),
    ...(format !== JOINED && { format }),
  }
}

type Words = 'id' | 'number' | 'kind' | 'reason' | 'sealedAt' | 'version' | 'compressionFormat'
type Numbers = 'ranges' | 'records' | 'bytes' | 'oldestArrival'
const words: Members<Pick<Manifest, Words | Numbers | 'giveUpAt'>> = {
  ...{ id: text, number, kind: oneOf('objects', 'partition', 'errors', 'backup'), sealedAt: number },
  ...{
    reason: oneOf('size', 'interval', 'flush'),
    version: number,
    compressionFormat: isCompressionFormat,
  },
  ...{
    ranges: list(object<LogRange>()),
    records: number,
    bytes: number,
    oldestArrival: number,
  },
  giveUpAt: maybe(number),
}

export const manifestDocument = documentAs(
  document<object>({
    keys: 'firehose/manifest/',
    version: 1,
    check: shape<Pick<Manifest, Words | Numbers | 'giveUpAt' | 'after'>>({
      ...words,
      after: list(logPosition),
    }),
  }),
  ({ value }) => manifestOf(value),
)

export const deliveredDocument = documentAs(
  document<object>({
    keys: 'firehose/delivered/',
    version: 1,
    check: shape<Pick<Delivered, Words | Numbers | 'giveUpAt' | 'outcome' | 'deliveredAt' | 'attempts'>>({
      ...{ ...words, outcome: object<DeliveryOutcome>(), deliveredAt: number, attempts: maybe(number) },
    }),
  }),
  ({ value }) => deliveredOf(value),
)

/** Of what is kept, and was checked. */
export function manifestOf(kept: object): Manifest {
  return ofKept(kept) as unknown as Manifest
}

/** Of what is kept as history, and was checked. */
function deliveredOf(kept: object): Delivered {
  return ofKept(kept) as unknown as Delivered
}

function ofKept(kept: object): Kept {
  const own: Kept = { destination: FIRST_DESTINATION, format: JOINED, place: {} }
  const place: Record<string, string> = {}
  for (const [word, value] of Object.entries(kept))
    if (Object.hasOwn(OWN, word)) Object.assign(own, { [word]: value })
    else place[word] = value
  return own.destination === FIRST_DESTINATION ? { ...own, place } : own
}
