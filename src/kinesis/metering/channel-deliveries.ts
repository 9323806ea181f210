import type { JobMeters } from '../../delivery/job.ts'
import type { Delivered } from '../../delivery/lineage/manifest.ts'
import type { Meters } from '../../metrics/meters.ts'

interface Metered {
  readonly id: string
  readonly name: string
  readonly streamName: string
}

/** Counts what a channel delivers. https://docs.aws.amazon.com/streams/latest/dev/data-delivery-monitoring.html */
export function channelMeters(meters: Meters, { id, name, streamName }: Metered): JobMeters {
  const dimensions = { ChannelId: id, ChannelName: name, StreamName: streamName }
  const count = (metric: string, value: number): void =>
    meters.count('AWS/Kinesis', `DeliveryToS3.${metric}`, dimensions, value)
  return {
    read({ records, bytes }) {
      count('RecordCount', records)
      count('BytesIn', bytes)
      count('BytesProcessed', bytes)
    },
    lag: () => undefined,
    partitions: () => undefined,
    delivered: (_kind, delivered) => meterDelivered(count, delivered),
  }
}

/** `delivered` undefined: the attempt failed. */
function meterDelivered(
  count: (metric: string, value: number) => void,
  delivered: Delivered | undefined,
): void {
  if (delivered?.outcome.status !== 'delivered') {
    count('DeliverySuccess', 0)
    return
  }
  const { kind, givenUp, records, outcome, deliveredAt, oldestArrival } = delivered
  if (kind === 'errors' || givenUp) {
    count('FailedRecordCount', records)
    count('DLQDeliverySuccess', records)
    return
  }
  count('DeliverySuccess', 1)
  count('SuccessfulRecordCount', records)
  count('BytesOut', outcome.sizeBytes)
  count('DataFreshness', (deliveredAt - oldestArrival) / 1000)
}
