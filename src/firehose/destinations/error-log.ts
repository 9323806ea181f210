import type { Failure, Manifest } from '../../delivery/lineage/manifest.ts'
import { arnOf, type DeliveryStream } from '../streams/delivery-stream.ts'

/**
 * What AWS writes into the delivery stream's log group when a delivery fails.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html
 */
export interface ErrorLogRecord {
  readonly deliveryStreamARN: string
  readonly destination: string
  readonly deliveryStreamVersionId: number
  readonly message: string
  readonly errorCode: string
}

export const errorLogRecordOf = (
  stream: DeliveryStream,
  { bucket, version }: Pick<Manifest, 'bucket' | 'version'>,
  { code, message }: Failure,
): ErrorLogRecord => ({
  deliveryStreamARN: arnOf(stream),
  destination: `arn:aws:s3:::${bucket}`,
  deliveryStreamVersionId: version,
  message,
  errorCode: code,
})
