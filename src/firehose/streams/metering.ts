import type { BufferContent } from '../../delivery/line/buffer.ts'
import { goneOf } from '../../delivery/lineage/gone.ts'
import type { Delivered } from '../../delivery/lineage/manifest.ts'
import type { Outlet } from '../../delivery/progress/outlet.ts'
import { meterChannelDelivered, meterChannelRead } from '../../kinesis/metering/channel-deliveries.ts'
import type { Meters } from '../../metrics/meters.ts'
import type { DeliveryStream } from './delivery-stream.ts'

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
const NAMESPACE = 'AWS/Firehose'

const dimensionsOf = ({ name }: Pick<DeliveryStream, 'name'>) => ({ DeliveryStreamName: name })

/** What was read from a Kinesis stream counts once: reading it again after a crash is not ingesting it. */
export function meterRead(
  meters: Meters,
  stream: DeliveryStream,
  content: Pick<BufferContent, 'records' | 'bytes' | 'billedBytes'>,
): void {
  if (stream.channel) meterChannelRead(meters, stream.channel, content)
  if (stream.channel || stream.type !== 'KinesisStreamAsSource') return
  meterIngested(meters, content)
  meters.count(NAMESPACE, 'DataReadFromKinesisStream.Bytes', dimensionsOf(stream), content.bytes)
  meters.count(NAMESPACE, 'DataReadFromKinesisStream.Records', dimensionsOf(stream), content.records)
}

/** How far a Kinesis source's readers are behind, ms. */
export function meterLag(
  meters: Meters,
  stream: DeliveryStream,
  lags: readonly { readonly lagMs: number }[],
): void {
  if (stream.source && !stream.channel)
    meters.count(
      NAMESPACE,
      'KinesisMillisBehindLatest',
      dimensionsOf(stream),
      Math.max(0, ...lags.map(({ lagMs }) => lagMs)),
    )
}

/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-metrics.html */
export function meterPartitions(
  meters: Meters,
  stream: DeliveryStream,
  { active, isExceeded }: { active: number; isExceeded: boolean },
): void {
  meters.count(NAMESPACE, 'PartitionCount', dimensionsOf(stream), active)
  meters.count(NAMESPACE, 'PartitionCountExceeded', dimensionsOf(stream), isExceeded ? 1 : 0)
}

export function meterIngested(
  meters: Meters,
  { bytes, billedBytes }: Pick<BufferContent, 'bytes' | 'billedBytes'>,
): void {
  meters.use('firehose-ingested-bytes', billedBytes)
  meters.use('firehose-ingested-bytes-before-rounding', bytes)
}

/** `delivered` undefined: the attempt failed. What goes below the ErrorOutputPrefix does not count. */
export function meterDelivered(
  meters: Meters,
  stream: DeliveryStream,
  kind: Outlet['kind'],
  delivered: Delivered | undefined,
): void {
  if (stream.channel) meterChannelDelivered(meters, stream.channel, delivered)
  if (stream.channel || kind === 'errors') return
  const to = kind === 'backup' ? 'BackupToS3' : 'DeliveryToS3'
  const count = (metric: string, value: number) =>
    meters.count(NAMESPACE, `${to}.${metric}`, dimensionsOf(stream), value)
  count('Success', delivered?.outcome.status === 'delivered' ? 1 : 0)
  const gone = delivered ? goneOf(delivered) : 0
  // AWS has no such metric, as it does not count them.
  if (gone > 0) meters.count(NAMESPACE, 'RecordsGone', dimensionsOf(stream), gone)
  if (delivered?.outcome.status !== 'delivered') return
  count('Bytes', delivered.bytes)
  count('Records', delivered.records)
  if (kind !== 'backup') count('ObjectCount', 1)
  count('DataFreshness', (delivered.deliveredAt - delivered.oldestArrival) / 1000)
}

export function meterPut(
  meters: Meters,
  stream: DeliveryStream,
  operation: 'PutRecord' | 'PutRecordBatch',
  { records, bytes, throttled }: { records: number; bytes: number; throttled: number },
): void {
  const count = (metric: string, value: number) =>
    meters.count(NAMESPACE, metric, dimensionsOf(stream), value)
  count('IncomingPutRequests', 1)
  count('IncomingRecords', records)
  count('IncomingBytes', bytes)
  count(`${operation}.Requests`, 1)
  count(`${operation}.Bytes`, bytes)
  if (operation === 'PutRecordBatch') count('PutRecordBatch.Records', records)
  if (throttled > 0) count('ThrottledRecords', throttled)
}
