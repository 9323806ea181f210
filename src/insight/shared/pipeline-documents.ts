import type { ReadableKind } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { type DeliveryStream, deliveryStreamDocument } from '../../firehose/delivery-stream.ts'
import { streamDocument } from '../../kinesis/streams/stream.ts'
import { bucketDocument } from '../../s3/buckets/bucket.ts'
import type { ClockMove } from '../clock-moves.ts'
import { watchDocuments } from './watched-documents.ts'

interface Options<C> {
  readonly metadata: Pick<MetadataStore, 'get' | 'list' | 'condemn' | 'watch'>
  /** Kinesis's channels, as delivery streams. */
  readonly channels: ReadableKind<DeliveryStream>
  /** Where it is kept how the clock was moved. */
  readonly clock: {
    readonly kind: ReadableKind<C>
    movesOf(saved: C | undefined): readonly ClockMove[]
  }
}

/** What the picture of the pipeline is drawn from, of every account; each document is read once for each change of it. */
export type PipelineDocuments = ReturnType<typeof openPipelineDocuments>

export function openPipelineDocuments<C>({ metadata, channels, clock }: Options<C>) {
  const closing = new AbortController()
  const watched = <T>(kind: ReadableKind<T>) => watchDocuments(metadata, kind, closing.signal)
  const streams = watched(streamDocument)
  const own = watched(deliveryStreamDocument)
  const ofChannels = watched(channels)
  const buckets = watched(bucketDocument)
  const moves = watched(clock.kind)
  const all = [streams, own, ofChannels, buckets, moves]
  return {
    streams: streams.list,
    async deliveryStreams(): Promise<DeliveryStream[]> {
      const [ofFirehose, ofKinesis] = [await own.list(), await ofChannels.list()]
      return [...ofFirehose, ...ofKinesis].map(({ value }) => value)
    },
    buckets: buckets.list,
    clockMoves: async (): Promise<readonly ClockMove[]> => clock.movesOf((await moves.list())[0]?.value),
    /** Grows with every change of any of them. */
    changes: () => all.reduce((sum, { changes }) => sum + changes(), 0),
    close: () => closing.abort(),
  }
}
