import type { DeliveredBatch, Delivery, Origins, RecordPlace } from '../delivery/delivery.ts'
import type { Place } from '../delivery/destination.ts'
import type { BufferGauge, DeliverySummary, Gauge } from '../delivery/gauge.ts'
import type { Landed } from '../delivery/landed.ts'
import { objectNameOf, s3PlaceOf } from '../firehose/destinations/s3/object-store.ts'
import { parseRecordId } from '../firehose/direct-put/record-id.ts'
import { deliveryStreamNotFound } from '../firehose/exceptions.ts'

/**
 * What delivery does and knows, in the words of those who use it: objects in buckets, of delivery streams and channels.
 * Throws ResourceNotFoundException where there is neither of that name.
 */
export type Deliveries = ReturnType<typeof deliveriesOf>
export type ShownGauge = ReturnType<typeof shownGauge>
export type ShownLanded = { readonly deliveryStream: string } & Shown<Landed>
type Shown<T> = T extends { readonly place: Place } ? Omit<T, 'job' | 'place'> & ObjectName : Omit<T, 'job'>
interface ObjectName {
  readonly bucket: string
  readonly key: string
}
export type ObjectOrigin = ReturnType<typeof shownOrigin>

export const deliveriesOf = (delivery: Delivery) => ({
  /**
   * Delivers what is buffered without waiting for its hints. `name`: of a delivery stream or else a channel, or a
   * channel's id. Rejects with DeliveryFailed.
   */
  async deliverNow(account: string, region: string, name: string) {
    const delivered = await delivery.deliverNow({ account, region, name })
    if (!delivered) throw deliveryStreamNotFound(name, account)
    return { objects: delivered.map(shownBatch) }
  },
  async status(account: string, region: string, name: string) {
    const gauge = await delivery.status({ account, region, name })
    if (!gauge) throw deliveryStreamNotFound(name, account)
    return shownGauge(gauge)
  },
  async gauges(ids: readonly string[]) {
    const found = await delivery.gauges(ids)
    return new Map([...found].map(([id, gauge]) => [id, shownGauge(gauge)]))
  },
  changes: delivery.changes,
  async landed(record: RecordPlace | { readonly recordId: string }) {
    const place = 'recordId' in record ? ownPlaceOf(record.recordId) : record
    return place ? (await delivery.landed(place)).map(shownLanded) : []
  },
  /** What an object was made of; undefined when no delivery is remembered that wrote it. */
  async madeOf(bucket: string, key: string) {
    const found = await delivery.madeOf(objectNameOf({ bucket, key }))
    return found && shownOrigin(found)
  },
  close: delivery.close,
})

function ownPlaceOf(recordId: string): RecordPlace | undefined {
  const place = parseRecordId(recordId)
  return place && { jobId: place.deliveryStreamId, position: place.position }
}

const objectOf = (place: Place): ObjectName => {
  const { bucket, key } = s3PlaceOf(place)
  return { bucket, key }
}

const shownBatch = ({ place, records, bytes }: DeliveredBatch) => ({ ...objectOf(place), records, bytes })

const shownSummary = ({
  place,
  destination: _destination,
  format: _format,
  ...summary
}: DeliverySummary) => ({
  ...summary,
  ...s3PlaceOf(place),
})

const shownOrigin = ({ job, delivered, sources }: Origins) => ({
  job,
  object: shownSummary(delivered),
  sources,
})

interface ShownSealed extends Omit<NonNullable<BufferGauge['sealed']>, 'place'>, ObjectName {}

function shownBuffer<T extends BufferGauge>({
  sealed,
  ...gauge
}: T): Omit<T, 'sealed'> & { readonly sealed?: ShownSealed } {
  if (!sealed) return gauge
  const { place, ...batch } = sealed
  return { ...gauge, sealed: { ...objectOf(place), ...batch } }
}

function shownGauge({ backup, errors, partitions, programSuspendedAt, lastDeliveries, ...gauge }: Gauge) {
  return {
    ...shownBuffer(gauge),
    ...(backup && { backup: shownBuffer(backup) }),
    ...(errors && { errors: shownBuffer(errors) }),
    ...(partitions && { partitions: { ...partitions, fullest: partitions.fullest.map(shownBuffer) } }),
    ...(programSuspendedAt !== undefined && { querySuspendedAt: programSuspendedAt }),
    lastDeliveries: lastDeliveries.map(shownSummary),
  }
}

function shownLanded({ job: deliveryStream, ...landed }: Landed): ShownLanded {
  if (!('place' in landed)) return { deliveryStream, ...landed }
  if (landed.state === 'delivering') return { deliveryStream, state: landed.state, ...objectOf(landed.place) }
  const { place, state, ...rest } = landed
  return { deliveryStream, state, ...objectOf(place), ...rest }
}
