import type { Clock } from '../../clock/clock.ts'
import { list, maybe, named, number, object, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, Document, MetadataStore } from '../../engine/ports/engine.ts'
import { formatArn, partitionOf } from '../../service/arn.ts'
import type { Caller } from '../../service/operation.ts'
import {
  type DestinationSettings,
  type FormerHints,
  replacedHints,
} from '../destinations/destination-settings.ts'
import { deliveryStreamInUse, deliveryStreamNotFound } from '../exceptions.ts'

/** What is kept of a delivery stream; one document per account, region and name. */
export interface DeliveryStream {
  readonly name: string
  readonly account: string
  readonly region: string
  /** Its own for each creation, so that what a deleted one of the same name left behind is never mistaken for it. */
  readonly id: string
  readonly type: DeliveryStreamType
  /** Grows with every change of the destination; part of every object's key. */
  readonly version: number
  readonly createdAt: number
  readonly activeAt: number
  /** When the destination was last changed. */
  readonly updatedAt?: number
  /** Set by the deletion: from then on it is gone. */
  readonly goneAt?: number
  readonly source?: KinesisSource
  readonly throughputHintInMBs?: number
  readonly destination: DestinationSettings
  /** Hints that were in force earlier, oldest first: what was buffered under them keeps them. */
  readonly formerHints?: readonly FormerHints[]
  readonly encryption?: Encryption
  /** What may wait in it for delivery at most; ours, and set by our own API. */
  readonly quotaBytes?: number
  readonly tags: Readonly<Record<string, string>>
}

/** Server-side encryption as it was last asked for. */
export interface Encryption {
  readonly on: boolean
  readonly keyType: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK'
  readonly keyArn?: string
  /** When it is ENABLED, or DISABLED; until then it is on its way. */
  readonly settledAt: number
}

export type DeliveryStreamType = 'DirectPut' | 'KinesisStreamAsSource'

export interface KinesisSource {
  readonly streamArn: string
  readonly roleArn: string
}

export interface DeliveryStreamName {
  readonly account: string
  readonly region: string
  readonly name: string
}

const STREAMS = 'firehose/stream/'
export const regionKeyOf = ({ account, region }: Omit<DeliveryStreamName, 'name'>) =>
  `${STREAMS}${account}/${region}/`
export const streamKeyOf = (stream: DeliveryStreamName) => regionKeyOf(stream) + stream.name
export const ALL_STREAMS = STREAMS

export const deliveryStreamDocument = document<DeliveryStream>({
  keys: ALL_STREAMS,
  version: 1,
  check: shape<DeliveryStream>({
    ...{ name: text, account: text, region: text, id: text, version: number, createdAt: number },
    ...{ type: oneOf('DirectPut', 'KinesisStreamAsSource'), activeAt: number },
    ...{ updatedAt: maybe(number), goneAt: maybe(number), throughputHintInMBs: maybe(number) },
    source: maybe(shape<KinesisSource>({ streamArn: text, roleArn: text })),
    ...{ destination: object<DestinationSettings>(), formerHints: maybe(list(object<FormerHints>())) },
    ...{ encryption: maybe(object<Encryption>()), quotaBytes: maybe(number), tags: named(text) },
  }),
})

export const arnOf = ({ account, region, name }: DeliveryStreamName): string =>
  formatArn({
    partition: partitionOf(region),
    service: 'firehose',
    region,
    account,
    resource: `deliverystream/${name}`,
  })

/** Undefined: it is no more. */
export function statusAt(
  { activeAt, goneAt }: Pick<DeliveryStream, 'activeAt' | 'goneAt'>,
  now: number,
): 'CREATING' | 'ACTIVE' | 'DELETING' | undefined {
  if (goneAt !== undefined) return now < goneAt ? 'DELETING' : undefined
  return now < activeAt ? 'CREATING' : 'ACTIVE'
}

/** Changes of the hints that are remembered; a buffer is older than so many only where deliveries fail for long. */
const MAX_FORMER_HINTS = 20

/** With another destination, and one version more. Nothing is flushed. */
export function withDestination(
  stream: DeliveryStream,
  destination: DestinationSettings,
  now: number,
): DeliveryStream {
  return {
    ...stream,
    version: stream.version + 1,
    updatedAt: now,
    destination,
    formerHints: [
      ...(stream.formerHints ?? []),
      ...replacedHints(stream.destination, destination, now),
    ].slice(-MAX_FORMER_HINTS),
  }
}

export interface Stored {
  readonly metadata: MetadataStore
  readonly clock: Clock
}

/** The caller's delivery stream of that name, in whatever state; throws ResourceNotFoundException. */
export async function findDeliveryStream(
  { metadata, clock }: Stored,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  name: string,
): Promise<Document<DeliveryStream>> {
  const document = await deliveryStreamDocument.find(metadata, streamKeyOf({ account, region, name }))
  if (!document || statusAt(document.value, clock.now()) === undefined)
    throw deliveryStreamNotFound(name, account)
  return document
}

/**
 * Changes an ACTIVE delivery stream by a pure transition, `also` in the same commit. Throws ResourceNotFoundException or
 * ResourceInUseException.
 */
export async function changeDeliveryStream(
  { metadata, clock }: Stored,
  { account, region, name }: DeliveryStreamName,
  change: (stream: DeliveryStream, now: number) => DeliveryStream,
  also: (changed: DeliveryStream, before: DeliveryStream) => readonly Change[] = () => [],
): Promise<void> {
  await deliveryStreamDocument.update<void>(metadata, streamKeyOf({ account, region, name }), (stream) => {
    const now = clock.now()
    const status = stream && statusAt(stream, now)
    if (!stream || status === undefined) throw deliveryStreamNotFound(name, account)
    if (status !== 'ACTIVE') throw deliveryStreamInUse(name, account, status)
    const changed = change(stream, now)
    return { value: changed, also: also(changed, stream), result: undefined }
  })
}
