import type { FailedDelivery } from '../../delivery/delivery-ports.ts'
import { DESTINATIONS, type DestinationTable, rowOf } from './destination-table.ts'

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
  { job, destination, place, version, failure }: FailedDelivery,
  destinations: DestinationTable = DESTINATIONS,
): ErrorLogRecord => ({
  deliveryStreamARN: job.arn,
  destination: rowOf({ type: destination }, destinations).arnOf(place),
  deliveryStreamVersionId: version,
  message: failure.message,
  errorCode: failure.code,
})
