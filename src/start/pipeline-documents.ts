import type { MetadataStore } from '../engine/engine.ts'
import { ALL_STREAMS, type DeliveryStream } from '../firehose/delivery-stream.ts'
import { CHANNEL_KEYS } from '../kinesis/channel.ts'
import type { Stream } from '../kinesis/stream.ts'
import { STREAM_KEYS } from '../kinesis/stream-ref.ts'
import type { Bucket } from '../s3/bucket.ts'
import { bucketsPrefix } from '../s3/document-key.ts'
import { channelDocuments } from './channel-delivery.ts'
import type { ClockMove } from './clock-moves.ts'
import { CLOCK_KEY, movesOf, type SavedClock } from './persisted-clock.ts'
import { watchDocuments } from './watched-documents.ts'

/** What the picture of the pipeline is drawn from, of every account; each document is read once for each change of it. */
export type PipelineDocuments = ReturnType<typeof openPipelineDocuments>

export function openPipelineDocuments(metadata: Pick<MetadataStore, 'get' | 'list' | 'watch'>) {
  const closing = new AbortController()
  const watched = <T>(prefix: string) => watchDocuments<T>(metadata, prefix, closing.signal)
  const streams = watched<Stream>(STREAM_KEYS)
  const own = watched<DeliveryStream>(ALL_STREAMS)
  const channels = watched<unknown>(CHANNEL_KEYS)
  const buckets = watched<Bucket>(bucketsPrefix)
  const clock = watched<SavedClock>(CLOCK_KEY)
  const all = [streams, own, channels, buckets, clock]
  return {
    streams: streams.list,
    async deliveryStreams(): Promise<DeliveryStream[]> {
      const [ofFirehose, ofKinesis] = [await own.list(), await channels.list()]
      return [...ofFirehose.map(({ value }) => value), ...ofKinesis.map(channelDocuments.deliveryStreamOf)]
    },
    buckets: buckets.list,
    clockMoves: async (): Promise<readonly ClockMove[]> => movesOf((await clock.list())[0]?.value),
    /** Grows with every change of any of them. */
    changes: () => all.reduce((sum, { changes }) => sum + changes(), 0),
    close: () => closing.abort(),
  }
}
