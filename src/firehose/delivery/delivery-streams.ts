import type { Document, MetadataStore } from '../../engine/engine.ts'
import { ALL_STREAMS, type DeliveryStream, documentKeyOf } from '../delivery-stream.ts'
import type { Firehose } from '../firehose.ts'

/** Documents of another room that delivery works for as if they were delivery streams; server/ hands them over. */
export interface ChannelDocuments {
  readonly prefix: string
  deliveryStreamOf(document: Document<unknown>): DeliveryStream
}

type Stores = Pick<Firehose, 'channels'> & {
  readonly metadata: Pick<MetadataStore, 'get' | 'list' | 'watch'>
}

/** All that delivery works for; a damaged document keeps none of the others from it. */
export async function listDeliveryStreams({ metadata, channels }: Stores): Promise<DeliveryStream[]> {
  const own = await metadata.list<DeliveryStream>({ prefix: ALL_STREAMS, damaged: 'left out' })
  const others = channels ? await metadata.list({ prefix: channels.prefix, damaged: 'left out' }) : []
  return [...own.map(({ value }) => value), ...others.map((document) => channels!.deliveryStreamOf(document))]
}

/** The delivery stream as it is now; another one if that has its name by now. */
export async function readDeliveryStream(
  { metadata, channels }: Pick<Stores, 'channels'> & { readonly metadata: Pick<MetadataStore, 'get'> },
  stream: DeliveryStream,
): Promise<Document<DeliveryStream> | undefined> {
  const document = await metadata.get<DeliveryStream>(documentKeyOf(stream))
  if (!document || !stream.channel) return document
  return { ...document, value: channels!.deliveryStreamOf(document) }
}

export function watchDeliveryStreams(
  { metadata, channels }: Stores,
  changed: () => void,
  signal: AbortSignal,
): void {
  metadata.watch(ALL_STREAMS, changed, signal)
  if (channels) metadata.watch(channels.prefix, changed, signal)
}
