import type { ChannelDocuments } from '../../delivery/job.ts'
import type { MetadataStore } from '../../engine/engine.ts'
import { ALL_STREAMS, type DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { STREAM_KEYS } from '../../kinesis/stream-ref.ts'
import type { Stream } from '../../kinesis/streams/stream.ts'
import type { Bucket } from '../../s3/buckets/bucket.ts'
import { bucketsPrefix } from '../../s3/documents.ts'
import type { ClockMove } from '../clock-moves.ts'
import { watchDocuments } from './watched-documents.ts'

interface Options<C> {
  readonly metadata: Pick<MetadataStore, 'get' | 'list' | 'watch'>
  readonly channels: ChannelDocuments
  /** Where it is kept how the clock was moved. */
  readonly clock: { readonly key: string; movesOf(saved: C | undefined): readonly ClockMove[] }
}

/** What the picture of the pipeline is drawn from, of every account; each document is read once for each change of it. */
export type PipelineDocuments = ReturnType<typeof openPipelineDocuments>

export function openPipelineDocuments<C>({ metadata, channels, clock }: Options<C>) {
  const closing = new AbortController()
  const watched = <T>(prefix: string) => watchDocuments<T>(metadata, prefix, closing.signal)
  const streams = watched<Stream>(STREAM_KEYS)
  const own = watched<DeliveryStream>(ALL_STREAMS)
  const ofChannels = watched<unknown>(channels.prefix)
  const buckets = watched<Bucket>(bucketsPrefix)
  const moves = watched<C>(clock.key)
  const all = [streams, own, ofChannels, buckets, moves]
  return {
    streams: streams.list,
    async deliveryStreams(): Promise<DeliveryStream[]> {
      const [ofFirehose, ofKinesis] = [await own.list(), await ofChannels.list()]
      return [...ofFirehose.map(({ value }) => value), ...ofKinesis.map(channels.deliveryStreamOf)]
    },
    buckets: buckets.list,
    clockMoves: async (): Promise<readonly ClockMove[]> => clock.movesOf((await moves.list())[0]?.value),
    /** Grows with every change of any of them. */
    changes: () => all.reduce((sum, { changes }) => sum + changes(), 0),
    close: () => closing.abort(),
  }
}
