import type { FailedDelivery } from '../../delivery/delivery-ports.ts'

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

export const errorLogRecordOf = ({ job, place, version, failure }: FailedDelivery): ErrorLogRecord => ({
  deliveryStreamARN: job.arn,
  destination: `arn:aws:s3:::${place.bucket}`,
  deliveryStreamVersionId: version,
  message: failure.message,
  errorCode: failure.code,
})
