import type { BufferContent } from '../../delivery/line/buffer.ts'
import type { Delivered } from '../../delivery/lineage/manifest.ts'
import type { ChannelSettings } from '../../firehose/channel-settings.ts'
import type { Meters } from '../../metrics/meters.ts'

/** https://docs.aws.amazon.com/streams/latest/dev/data-delivery-monitoring.html */
const counter =
  (meters: Meters, { id, name, streamName }: ChannelSettings) =>
  (metric: string, value: number): void =>
    meters.count(
      'AWS/Kinesis',
      `DeliveryToS3.${metric}`,
      { ChannelId: id, ChannelName: name, StreamName: streamName },
      value,
    )

export function meterChannelRead(
  meters: Meters,
  channel: ChannelSettings,
  { records, bytes }: Pick<BufferContent, 'records' | 'bytes'>,
): void {
  const count = counter(meters, channel)
  count('RecordCount', records)
  count('BytesIn', bytes)
  count('BytesProcessed', bytes)
}

/** `delivered` undefined: the attempt failed. */
export function meterChannelDelivered(
  meters: Meters,
  channel: ChannelSettings,
  delivered: Delivered | undefined,
): void {
  const count = counter(meters, channel)
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
