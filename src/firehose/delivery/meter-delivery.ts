import type { Meters } from '../../metrics/meters.ts'
import type { DeliveryStream } from '../delivery-stream.ts'
import type { BufferContent } from './buffer.ts'
import type { Delivered } from './manifest.ts'

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html */
const NAMESPACE = 'AWS/Firehose'

const dimensionsOf = ({ name }: Pick<DeliveryStream, 'name'>) => ({ DeliveryStreamName: name })

/** What was read from a Kinesis stream counts once it is sealed: reading it again after a crash is not ingesting it. */
export function meterSealed(meters: Meters, stream: DeliveryStream, content: BufferContent): void {
  if (stream.type !== 'KinesisStreamAsSource') return
  meterIngested(meters, content)
  meters.count(NAMESPACE, 'DataReadFromKinesisStream.Bytes', dimensionsOf(stream), content.bytes)
  meters.count(NAMESPACE, 'DataReadFromKinesisStream.Records', dimensionsOf(stream), content.records)
}

export function meterIngested(
  meters: Meters,
  { bytes, billedBytes }: Pick<BufferContent, 'bytes' | 'billedBytes'>,
): void {
  meters.use('firehose-ingested-bytes', billedBytes)
  meters.use('firehose-ingested-bytes-before-rounding', bytes)
}

/** Undefined: the attempt failed. */
export function meterDelivered(
  meters: Meters,
  stream: DeliveryStream,
  delivered: Delivered | undefined,
): void {
  const count = (metric: string, value: number) =>
    meters.count(NAMESPACE, `DeliveryToS3.${metric}`, dimensionsOf(stream), value)
  count('Success', delivered?.outcome.status === 'delivered' ? 1 : 0)
  if (delivered?.outcome.status !== 'delivered') return
  count('Bytes', delivered.bytes)
  count('Records', delivered.records)
  count('ObjectCount', 1)
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
