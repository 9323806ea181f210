import type { Document, MetadataStore } from '../engine/engine.ts'
import { getUndamaged } from '../engine/read-documents.ts'
import type { Firehose } from '../firehose/firehose.ts'
import { ALL_STREAMS, type DeliveryStream, documentKeyOf } from '../firehose/streams/delivery-stream.ts'

/** Documents of another room that delivery works for as if they were delivery streams; server/ hands them over. */
export interface ChannelDocuments {
  readonly prefix: string
  deliveryStreamOf(document: Document<unknown>): DeliveryStream
}

type Stores = Pick<Firehose, 'channels'> & {
  readonly metadata: Pick<MetadataStore, 'get' | 'list' | 'watch'>
}

/** The keys of all that delivery works for; a damaged document keeps none of the others from it. */
export async function listDeliveryStreamKeys({ metadata, channels }: Stores): Promise<string[]> {
  const prefixes = [ALL_STREAMS, ...(channels ? [channels.prefix] : [])]
  const found = await Promise.all(prefixes.map((prefix) => metadata.list({ prefix, damaged: 'left out' })))
  return found.flat().map(({ key }) => key)
}

/** What stands under one of those keys now. */
export async function deliveryStreamAt(
  { metadata, channels }: Stores,
  key: string,
): Promise<DeliveryStream | undefined> {
  const document = await getUndamaged<DeliveryStream>(metadata, key)
  return document && channels && key.startsWith(channels.prefix)
    ? channels.deliveryStreamOf(document)
    : document?.value
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
  changed: (key: string) => void,
  signal: AbortSignal,
): void {
  metadata.watch(ALL_STREAMS, changed, signal)
  if (channels) metadata.watch(channels.prefix, changed, signal)
}
