import type { Document } from '../../engine/engine.ts'
import type { Caller } from '../../service/operation.ts'
import { deliveryStreamNotFound } from '../exceptions.ts'
import type { Firehose } from '../firehose.ts'
import { type DeliveryStream, statusAt, streamKeyOf } from './delivery-stream.ts'

/** The caller's delivery stream of that name, in whatever state; throws ResourceNotFoundException. */
export async function findDeliveryStream(
  { metadata, clock }: Pick<Firehose, 'metadata' | 'clock'>,
  { account, region }: Pick<Caller, 'account' | 'region'>,
  name: string,
): Promise<Document<DeliveryStream>> {
  const document = await metadata.get<DeliveryStream>(streamKeyOf({ account, region, name }))
  if (!document || statusAt(document.value, clock.now()) === undefined)
    throw deliveryStreamNotFound(name, account)
  return document
}
