import type { Clock } from '../../clock/clock.ts'
import type { JobMeters } from '../../delivery/job.ts'
import { goneOf } from '../../delivery/lineage/gone.ts'
import type { Delivered, OutletKind } from '../../delivery/lineage/manifest.ts'
import type { Content } from '../../delivery/reading/log-range.ts'
import type { Meters } from '../../metrics/meters.ts'
import type { Metering, Metrics } from '../../service/operation.ts'
import type { DeliveryStream } from './delivery-stream.ts'

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
const NAMESPACE = 'AWS/Firehose'
const BACKUP = 'BackupToS3'
/** Only of these the objects are counted. */
const OBJECTS = 'DeliveryToS3'
/** AWS has no such metric, as it does not count them. */
const GONE = 'RecordsGone'

const counter =
  (meters: Meters, { name }: Pick<DeliveryStream, 'name'>) =>
  (metric: string, value: number): void =>
    meters.count(NAMESPACE, metric, { DeliveryStreamName: name }, value)

/** Counts what is delivered from a delivery stream; `to`: what precedes the metrics of its destination. */
export function metersOf(meters: Meters, stream: DeliveryStream, to: string): JobMeters {
  const count = counter(meters, stream)
  return {
    read(content) {
      if (stream.type !== 'KinesisStreamAsSource') return
      meterIngested(meters, content)
      count('DataReadFromKinesisStream.Bytes', content.bytes)
      count('DataReadFromKinesisStream.Records', content.records)
    },
    lag(lags) {
      if (stream.source) count('KinesisMillisBehindLatest', Math.max(0, ...lags.map(({ lagMs }) => lagMs)))
    },
    /** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-metrics.html */
    partitions({ active, isExceeded }) {
      count('PartitionCount', active)
      count('PartitionCountExceeded', isExceeded ? 1 : 0)
    },
    delivered: (kind, delivered) => meterDelivered(count, kind === 'backup' ? BACKUP : to, kind, delivered),
    unprocessed: (records) => count(GONE, records),
  }
}

/** `delivered` undefined: the attempt failed. What goes below the ErrorOutputPrefix does not count. */
function meterDelivered(
  count: (metric: string, value: number) => void,
  to: string,
  kind: OutletKind,
  delivered: Delivered | undefined,
): void {
  if (kind === 'errors') return
  count(`${to}.Success`, delivered?.outcome.status === 'delivered' ? 1 : 0)
  const gone = delivered ? goneOf(delivered) : 0
  if (gone > 0) count(GONE, gone)
  if (delivered?.outcome.status !== 'delivered') return
  count(`${to}.Bytes`, delivered.bytes)
  count(`${to}.Records`, delivered.records)
  if (to === OBJECTS) count(`${to}.ObjectCount`, 1)
  count(`${to}.DataFreshness`, (delivered.deliveredAt - delivered.oldestArrival) / 1000)
}

export function meterIngested(
  meters: Meters,
  { bytes, billedBytes }: Pick<Content, 'bytes' | 'billedBytes'>,
): void {
  meters.use('firehose-ingested-bytes', billedBytes)
  meters.use('firehose-ingested-bytes-before-rounding', bytes)
}

/** Counts what puts did. */
export const callMetering: Metering<{ readonly clock: Pick<Clock, 'now'>; readonly meters: Meters }> = {
  now: ({ clock }) => clock.now(),
  count({ meters }, operation, outcome) {
    const metrics = operation.metrics?.(outcome as never)
    if (!metrics) return
    const { DeliveryStreamName: name } = outcome.input as { readonly DeliveryStreamName: string }
    const count = counter(meters, { name })
    for (const metric in metrics) count(metric, metrics[metric]!)
  },
}

/** What CloudWatch counts of a put, of whose records these were taken. */
export function putMetrics(
  operation: 'PutRecord' | 'PutRecordBatch',
  taken: readonly { readonly Data: Uint8Array }[],
  throttled: number,
): Metrics {
  const [records, bytes] = [taken.length, taken.reduce((sum, { Data }) => sum + Data.length, 0)]
  return {
    ...{ IncomingPutRequests: 1, IncomingRecords: records, IncomingBytes: bytes },
    ...{ [`${operation}.Requests`]: 1, [`${operation}.Bytes`]: bytes },
    ...(operation === 'PutRecordBatch' && { 'PutRecordBatch.Records': records }),
    ...(throttled > 0 && { ThrottledRecords: throttled }),
  }
}
