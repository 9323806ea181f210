import type { Clock } from '../../clock/clock.ts'
import type { Change, Document, MetadataStore } from '../../engine/ports/engine.ts'
import type { Caller } from '../../service/operation.ts'
import { deliveryStreamInUse, deliveryStreamNotFound } from '../exceptions.ts'
import {
  type DeliveryStream,
  type DeliveryStreamName,
  deliveryStreamDocument,
  statusAt,
  streamKeyOf,
} from './delivery-stream.ts'

interface Stored {
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
