import type { Scope } from '../api/ports.ts'
import type { BucketView, DeliveryStreamView, GaugeView, StreamView } from '../api/views.ts'
import { statusAt } from '../firehose/streams/delivery-stream.ts'
import { consumersOf } from '../kinesis/consumers/consumer.ts'
import { arnOf, parseStreamArn, refOf } from '../kinesis/stream-ref.ts'
import { openShardsOf, type Stream, statusOf } from '../kinesis/streams/stream.ts'
import type { Counter } from '../metrics/create-meters.ts'
import type { Deliveries, ShownGauge } from './deliveries.ts'
import type { Path, PipelineDocuments } from './shared/pipeline-documents.ts'

/** Of each kind; a page with more of them helps nobody, but can be asked for others. */
const MOST_LISTED = 200

interface Sources {
  readonly documents: PipelineDocuments
  readonly delivery: Pick<Deliveries, 'gauges'>
  readonly counters: readonly Counter[]
}

/** Whose picture is drawn, and when, ms since 1970. */
interface Wanted {
  readonly scope: Scope
  readonly search: string
  readonly now: number
}

/** What there is, and how full it is: the picture of the pipeline, or of those paths that `search` names. */
export async function pipelineOf({ documents, delivery, counters }: Sources, { scope, search, now }: Wanted) {
  const isOurs = ({ account, region }: Scope) => account === scope.account && region === scope.region
  const streams = (await documents.streams())
    .map(({ key, value: stream }) => ({ ref: refOf(key), stream }))
    .filter(({ ref, stream }) => isOurs(ref) && statusOf(stream, now) !== undefined)
  const deliveryStreams = (await documents.paths()).filter(
    (one) => isOurs(one) && statusAt(one, now) !== undefined,
  )
  const buckets = (await documents.buckets()).filter(({ value }) => value.account === scope.account)
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
  const gauges = await delivery.gauges(listed(found.deliveryStreams).map(({ stream }) => stream.id))
  return {
    /** Something of it will have become something else, with no more than time. */
    isPassing: streams.some(({ stream }) => isPassing(stream, now)) || deliveryStreams.some(isUnsettled(now)),
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
    deliveryStreams: listed(found.deliveryStreams).map((named) =>
      deliveryStreamView(named, gauges.get(named.stream.id), now),
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

const namesOf = (stream: Path) => ({
  stream,
  name: stream.name,
  sourceStream: stream.streamArn === undefined ? undefined : parseStreamArn(stream.streamArn)?.streamName,
  bucket: stream.bucket,
})

const isPassing = (stream: Stream, now: number): boolean =>
  statusOf(stream, now) !== 'ACTIVE' ||
  stream.consumers.some(({ passing }) => passing !== undefined && now < passing.endsAt)

const isUnsettled = (now: number) => (stream: Path) => statusAt(stream, now) !== 'ACTIVE'

function deliveryStreamView(
  { stream, name, sourceStream, bucket }: ReturnType<typeof namesOf>,
  gauge: ShownGauge | undefined,
  now: number,
): DeliveryStreamView {
  const { type, prefix, channel } = stream
  const failure = channel?.failure
  return {
    name,
    id: channel?.id ?? name,
    ...(channel && { channel: { arn: channel.arn, ...(failure !== undefined && { failure }) } }),
    type,
    status: failure === undefined ? (statusAt(stream, now) ?? 'DELETING') : 'FAILED',
    bucket,
    prefix,
    ...(sourceStream !== undefined && { sourceStream }),
    ...(gauge && { gauge: shownOf(gauge) }),
  }
}

/** Without its age, which grows with nothing but time: whoever looks sees the time itself. */
const shownOf = ({ freshnessMs: _age, ...gauge }: ShownGauge): GaugeView => gauge

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
