import type { Scope } from '../api/ports.ts'
import type { BucketView, DeliveryStreamView, GaugeView, StreamView } from '../api/views.ts'
import type { Delivery } from '../firehose/delivery/delivery.ts'
import { type DeliveryStream, regionKeyOf, statusAt } from '../firehose/delivery-stream.ts'
import { bucketOf } from '../firehose/s3-settings.ts'
import { consumersOf } from '../kinesis/consumer.ts'
import type { Kinesis } from '../kinesis/kinesis.ts'
import { openShardsOf, statusOf } from '../kinesis/stream.ts'
import { arnOf, parseStreamArn } from '../kinesis/stream-ref.ts'
import type { Counter } from '../metrics/counters.ts'
import type { Bucket } from '../s3/bucket.ts'
import { bucketsPrefix } from '../s3/document-key.ts'
import { isAnswer } from '../service/invoke.ts'

/** Of each kind; a page with more of them helps nobody. */
const MOST = 200

interface Sources {
  readonly kinesis: Kinesis
  readonly delivery: Delivery
  readonly counters: readonly Counter[]
}

/** What there is, and how full it is: the picture of the pipeline. */
export async function pipelineOf({ kinesis, delivery, counters }: Sources, scope: Scope) {
  const { metadata, clock } = kinesis
  const now = clock.now()
  const streams = await kinesis.streams.list(scope)
  const documents = await metadata.list<DeliveryStream>({ prefix: regionKeyOf(scope) })
  const deliveryStreams = documents.filter(({ value }) => statusAt(value, now) !== undefined)
  const buckets = (await metadata.list<Bucket>({ prefix: bucketsPrefix })).filter(
    ({ value }) => value.account === scope.account,
  )
  const incoming = incomingOf(counters)
  return {
    streams: streams.slice(0, MOST).map(
      ({ ref, stream }): StreamView => ({
        name: ref.streamName,
        arn: arnOf(ref),
        status: statusOf(stream, now) ?? 'DELETING',
        mode: stream.mode,
        openShards: openShardsOf(stream).length,
        retentionPeriodHours: stream.retentionPeriodHours,
        consumers: consumersOf(stream, now).length,
        incoming: incoming(ref.streamName),
      }),
    ),
    deliveryStreams: await Promise.all(
      deliveryStreams.slice(0, MOST).map(({ value }) => deliveryStreamView(delivery, scope, value, now)),
    ),
    buckets: buckets
      .slice(0, MOST)
      .map(({ value: { name, createdAt } }): BucketView => ({ name, createdAt })),
    totals: { streams: streams.length, deliveryStreams: deliveryStreams.length, buckets: buckets.length },
  }
}

async function deliveryStreamView(
  delivery: Delivery,
  scope: Scope,
  stream: DeliveryStream,
  now: number,
): Promise<DeliveryStreamView> {
  const { name, type, source, destination } = stream
  const gauge = await gaugeOf(delivery, scope, name)
  const sourceStream = source && parseStreamArn(source.streamArn)?.streamName
  return {
    name,
    type,
    status: statusAt(stream, now) ?? 'DELETING',
    bucket: bucketOf(destination),
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
