import { idleTimeout } from '../../clock/machine-time.ts'
import { createSerial } from '../../delivery/turns.ts'
import type { ReadableKind } from '../../engine/ports/document.ts'
import type { Document, MetadataStore } from '../../engine/ports/engine.ts'
import { rowOf } from '../../firehose/destinations/destination-table.ts'
import { type DeliveryStream, deliveryStreamDocument } from '../../firehose/streams/delivery-stream.ts'
import { type Channel, channelArnOf, channelDocument, channelRefOf } from '../../kinesis/channels/channel.ts'
import { bucketOfArn } from '../../kinesis/channels/settings.ts'
import { streamDocument } from '../../kinesis/streams/stream.ts'
import { bucketDocument } from '../../s3/buckets/bucket.ts'
import type { ClockMove } from '../clock-moves.ts'

interface Options<C> {
  readonly metadata: Pick<MetadataStore, 'get' | 'list' | 'condemn' | 'watch'>
  /** Where it is kept how the clock was moved. */
  readonly clock: {
    readonly kind: ReadableKind<C>
    movesOf(saved: C | undefined): readonly ClockMove[]
  }
}

/** What the picture of the pipeline is drawn from, of every account; each document is read once for each change of it. */
export type PipelineDocuments = ReturnType<typeof openPipelineDocuments>

export function openPipelineDocuments<C>({ metadata, clock }: Options<C>) {
  const closing = new AbortController()
  const watched = <T>(kind: ReadableKind<T>) => watchDocuments(metadata, kind, closing.signal)
  const streams = watched(streamDocument)
  const own = watched(deliveryStreamDocument)
  const ofChannels = watched(channelDocument)
  const buckets = watched(bucketDocument)
  const moves = watched(clock.kind)
  const all = [streams, own, ofChannels, buckets, moves]
  return {
    streams: streams.list,
    /** Of delivery streams, then of channels. */
    async paths(): Promise<Path[]> {
      const [ofFirehose, ofKinesis] = [await own.list(), await ofChannels.list()]
      return [...ofFirehose.map(({ value }) => pathOf(value)), ...ofKinesis.map(pathOfChannel)]
    },
    buckets: buckets.list,
    clockMoves: async (): Promise<readonly ClockMove[]> => clock.movesOf((await moves.list())[0]?.value),
    /** Grows with every change of any of them. */
    changes: () => all.reduce((sum, { changes }) => sum + changes(), 0),
    close: () => closing.abort(),
  }
}

/** The way from a source to a bucket: of a delivery stream, or of a channel. */
export interface Path extends Pick<DeliveryStream, 'id' | 'name' | 'account' | 'region' | 'type'> {
  readonly activeAt: number
  readonly goneAt?: number
  /** Of the Kinesis stream that it reads. */
  readonly streamArn?: string
  readonly bucket: string
  readonly prefix: string
  readonly quotaBytes?: number
  readonly channel?: { readonly id: string; readonly arn: string; readonly failure?: string }
}

function pathOf(stream: DeliveryStream): Path {
  const { id, name, account, region, type, activeAt, goneAt, source, destination, quotaBytes } = stream
  return {
    ...{ id, name, account, region, type, activeAt },
    ...(goneAt !== undefined && { goneAt }),
    ...(source && { streamArn: source.streamArn }),
    ...(quotaBytes !== undefined && { quotaBytes }),
    ...rowOf(destination).shownSettings(destination),
  }
}

function pathOfChannel({ key, value: channel }: Document<Channel>): Path {
  const ref = channelRefOf(key)
  const { channelId: id, passing, createdAt, failure } = channel
  return {
    ...{ id, name: ref.channelName, account: ref.account, region: ref.region, type: 'KinesisStreamAsSource' },
    activeAt: passing?.status === 'CREATING' ? passing.endsAt : createdAt,
    ...(passing?.status === 'DELETING' && { goneAt: passing.endsAt }),
    streamArn: channel.streamArn,
    bucket: bucketOfArn(channel.storage.bucketArn),
    prefix: '',
    channel: { id, arn: channelArnOf(ref, channel), ...(failure !== undefined && { failure }) },
  }
}

/** Kept at hand for so long after somebody last looked at them, machine time. */
const KEPT_MS = 30_000

/** Every document of a kind, read anew only where it has changed. */
interface WatchedDocuments<T> {
  /** In the order of their keys. */
  list(): Promise<readonly Document<T>[]>
  /** Grows with every change. */
  changes(): number
}

function watchDocuments<T>(
  metadata: Pick<MetadataStore, 'get' | 'list' | 'condemn' | 'watch'>,
  kind: Pick<ReadableKind<T>, 'keys' | 'list' | 'getUndamaged'>,
  signal: AbortSignal,
): WatchedDocuments<T> {
  const prefix = kind.keys
  const run = createSerial()
  /** Undefined while nobody looks. */
  let held: Map<string, Document<T>> | undefined
  let listed: readonly Document<T>[] = []
  let idle = idleTimeout(KEPT_MS)
  const changed = new Set<string>()
  let changes = 0
  metadata.watch(
    prefix,
    (key) => {
      changes += 1
      if (held) changed.add(key)
    },
    signal,
  )
  const letGo = () => {
    held = undefined
    listed = []
    changed.clear()
  }
  const stayFor = () => {
    if (idle.signal.aborted) idle = idleTimeout(KEPT_MS)
    idle.signal.onabort = letGo
    idle.restart()
  }

  async function load(into: Map<string, Document<T>>): Promise<void> {
    held = into
    for (const document of await kind.list(metadata, { prefix, damaged: 'left out' }))
      into.set(document.key, document)
    listed = [...into.values()]
  }

  async function refresh(known: Map<string, Document<T>>): Promise<void> {
    const keys = [...changed]
    changed.clear()
    for (const key of keys) {
      const document = await kind.getUndamaged(metadata, key)
      if (document) known.set(key, document)
      else known.delete(key)
    }
    listed = [...known.values()].toSorted((one, other) => compareKeys(one.key, other.key))
  }

  return {
    changes: () => changes,
    list: () =>
      run(async () => {
        stayFor()
        try {
          if (!held) await load(new Map())
          if (held && changed.size > 0) await refresh(held)
          return listed
        } catch (error) {
          letGo()
          throw error
        }
      }),
  }
}

/** In the order of their UTF-8 bytes, as the store lists them. */
const compareKeys = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))
