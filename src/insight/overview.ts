import type { Scope } from '../api/ports.ts'
import type { BucketView, DeliveryStreamView, GaugeView, StreamView } from '../api/views.ts'
import type { Delivery } from '../firehose/delivery/delivery.ts'
import { type ChannelDocuments, listDeliveryStreams } from '../firehose/delivery/delivery-streams.ts'
import { type DeliveryStream, statusAt } from '../firehose/delivery-stream.ts'
import { bucketOf } from '../firehose/s3-settings.ts'
import { consumersOf } from '../kinesis/consumers/consumer.ts'
import type { Kinesis } from '../kinesis/kinesis.ts'
import { arnOf, parseStreamArn } from '../kinesis/stream-ref.ts'
import { openShardsOf, statusOf } from '../kinesis/streams/stream.ts'
import type { Counter } from '../metrics/counters.ts'
import type { Bucket } from '../s3/bucket.ts'
import { bucketsPrefix } from '../s3/document-key.ts'
import { isAnswer } from '../service/invoke.ts'

/** Of each kind; a page with more of them helps nobody, but can be asked for others. */
const MOST_LISTED = 200

interface Sources {
  readonly kinesis: Kinesis
  readonly delivery: Delivery
  /** Kinesis's channels, as delivery sees them. */
  readonly channels: ChannelDocuments
  readonly counters: readonly Counter[]
}

/** What there is, and how full it is: the picture of the pipeline, or of those paths that `search` names. */
export async function pipelineOf(
  { kinesis, delivery, channels, counters }: Sources,
  scope: Scope,
  search: string,
) {
  const { metadata, clock } = kinesis
  const now = clock.now()
  const streams = await kinesis.streams.list(scope)
  const all = await listDeliveryStreams({ metadata, channels })
  const deliveryStreams = all.filter(
    (one) => one.account === scope.account && one.region === scope.region && statusAt(one, now) !== undefined,
  )
  const buckets = (await metadata.list<Bucket>({ prefix: bucketsPrefix, damaged: 'left out' })).filter(
    ({ value }) => value.account === scope.account,
  )
  const incoming = incomingOf(counters)
  const found = matchingPaths(
    {
      streams: streams.map(({ ref }) => ref.streamName),
      deliveryStreams: deliveryStreams.map(namesOf),
      buckets: buckets.map(({ value }) => value.name),
    },
    search,
  )
  const streamOf = new Map(streams.map((one) => [one.ref.streamName, one]))
  const createdAtOf = new Map(buckets.map(({ value }) => [value.name, value.createdAt]))
  return {
    streams: listed(found.streams).map((name): StreamView => {
      const { ref, stream } = streamOf.get(name)!
      return {
        name,
        arn: arnOf(ref),
        status: statusOf(stream, now) ?? 'DELETING',
        mode: stream.mode,
        openShards: openShardsOf(stream).length,
        retentionPeriodHours: stream.retentionPeriodHours,
        consumers: consumersOf(stream, now).length,
        incoming: incoming(name),
      }
    }),
    deliveryStreams: await Promise.all(
      listed(found.deliveryStreams).map((named) => deliveryStreamView(delivery, scope, named, now)),
    ),
    buckets: listed(found.buckets).map((name): BucketView => ({ name, createdAt: createdAtOf.get(name)! })),
    totals: { streams: streams.length, deliveryStreams: deliveryStreams.length, buckets: buckets.length },
    found: {
      streams: found.streams.length,
      deliveryStreams: found.deliveryStreams.length,
      buckets: found.buckets.length,
    },
    mostListed: MOST_LISTED,
  }
}

const listed = <T>(all: readonly T[]): readonly T[] => all.slice(0, MOST_LISTED)

const namesOf = (stream: DeliveryStream) => ({
  stream,
  name: stream.name,
  sourceStream: stream.source && parseStreamArn(stream.source.streamArn)?.streamName,
  bucket: bucketOf(stream.destination),
})

async function deliveryStreamView(
  delivery: Delivery,
  scope: Scope,
  { stream, name, sourceStream, bucket }: ReturnType<typeof namesOf>,
  now: number,
): Promise<DeliveryStreamView> {
  const { type, destination, channel } = stream
  const id = channel?.id ?? name
  const failure = channel?.failure
  const gauge = await gaugeOf(delivery, scope, id)
  return {
    name,
    id,
    ...(channel && { channel: { arn: channel.arn, ...(failure !== undefined && { failure }) } }),
    type,
    status: failure === undefined ? (statusAt(stream, now) ?? 'DELETING') : 'FAILED',
    bucket,
    prefix: destination.prefix ?? '',
    ...(sourceStream !== undefined && { sourceStream }),
    ...(gauge && { gauge }),
  }
}

/** Undefined: it was deleted just now. */
async function gaugeOf(delivery: Delivery, scope: Scope, name: string): Promise<GaugeView | undefined> {
  try {
    return await delivery.status(scope.account, scope.region, name)
  } catch (failure) {
    if (isAnswer(failure)) return undefined
    throw failure
  }
}

function incomingOf(counters: readonly Counter[]) {
  const sums = new Map<string, number>()
  for (const { namespace, metric, dimensions, sum } of counters)
    if (namespace === 'AWS/Kinesis' && dimensions.ShardId === undefined)
      sums.set(`${metric} ${dimensions.StreamName}`, sum)
  return (streamName: string) => ({
    records: sums.get(`IncomingRecords ${streamName}`) ?? 0,
    bytes: sums.get(`IncomingBytes ${streamName}`) ?? 0,
    throttled: sums.get(`WriteProvisionedThroughputExceeded ${streamName}`) ?? 0,
  })
}

/** What the names of a pipeline's parts are. */
interface Names<D> {
  readonly streams: readonly string[]
  readonly deliveryStreams: readonly D[]
  readonly buckets: readonly string[]
}

interface NamedDeliveryStream {
  readonly name: string
  readonly sourceStream?: string | undefined
  readonly bucket: string
}

/**
 * The parts of every path that a text names, whole: with a delivery stream its stream and its bucket. Who is named exactly
 * comes first. An empty text names everything.
 */
export function matchingPaths<D extends NamedDeliveryStream>(
  { streams, deliveryStreams, buckets }: Names<D>,
  text: string,
): Names<D> {
  const wanted = text.toLowerCase()
  const isNamed = (name: string | undefined) => name?.toLowerCase().includes(wanted) ?? false
  const exactFirst = (one: string, other: string) => Number(other === text) - Number(one === text)
  const between = deliveryStreams
    .filter((one) => [one.name, one.sourceStream, one.bucket].some(isNamed))
    .toSorted((one, other) => exactFirst(one.name, other.name))
  const read = new Set(between.map(({ sourceStream }) => sourceStream))
  const written = new Set(between.map(({ bucket }) => bucket))
  return {
    streams: streams.filter((name) => isNamed(name) || read.has(name)).toSorted(exactFirst),
    deliveryStreams: between,
    buckets: buckets.filter((name) => isNamed(name) || written.has(name)).toSorted(exactFirst),
  }
}
