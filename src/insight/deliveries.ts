import type { DeliveredBatch, Delivery, Origins, RecordPlace } from '../delivery/delivery.ts'
import type { Place } from '../delivery/destination.ts'
import type { BufferGauge, DeliverySummary, Gauge } from '../delivery/gauge.ts'
import type { Landed } from '../delivery/landed.ts'
import { DESTINATIONS, type DestinationTable, rowOf } from '../firehose/destinations/destination-table.ts'
import { objectNameOf } from '../firehose/destinations/s3/s3-destination.ts'
import { parseRecordId } from '../firehose/direct-put/record-id.ts'
import { deliveryStreamNotFound } from '../firehose/exceptions.ts'

/**
 * What delivery does and knows, in the words of those who use it: objects in buckets, of delivery streams and channels.
 * Throws ResourceNotFoundException where there is neither of that name.
 */
export type Deliveries = ReturnType<typeof deliveriesOf>
export type ShownGauge = ReturnType<typeof shownGauge>
export type ShownLanded = { readonly deliveryStream: string } & Shown<Landed>
type Shown<T> = T extends { readonly place: Place }
  ? Omit<T, 'job' | 'destination' | 'place'> & ObjectName
  : Omit<T, 'job'>
interface ObjectName {
  readonly bucket: string
  readonly key: string
}
export function deliveriesOf(delivery: Delivery, destinations: DestinationTable = DESTINATIONS) {
  const namedBy: Naming = ({ destination, place }) =>
    rowOf({ type: destination }, destinations).shownPlace(place)
  return {
    /**
     * Delivers what is buffered without waiting for its hints. `name`: of a delivery stream or else a channel, or a
     * channel's id. Rejects with DeliveryFailed.
     */
    async deliverNow(account: string, region: string, name: string) {
      const delivered = await delivery.deliverNow({ account, region, name })
      if (!delivered) throw deliveryStreamNotFound(name, account)
      return { objects: delivered.map((batch) => shownBatch(batch, namedBy)) }
    },
    async status(account: string, region: string, name: string) {
      const gauge = await delivery.status({ account, region, name })
      if (!gauge) throw deliveryStreamNotFound(name, account)
      return shownGauge(gauge, namedBy)
    },
    async gauges(ids: readonly string[]) {
      const found = await delivery.gauges(ids)
      return new Map([...found].map(([id, gauge]) => [id, shownGauge(gauge, namedBy)]))
    },
    backlogs: delivery.backlogs,
    changes: delivery.changes,
    async landed(record: RecordPlace | { readonly recordId: string }) {
      const place = 'recordId' in record ? ownPlaceOf(record.recordId) : record
      return place ? (await delivery.landed(place)).map((landed) => shownLanded(landed, namedBy)) : []
    },
    /** What an object was made of; undefined when no delivery is remembered that wrote it. */
    async madeOf(bucket: string, key: string) {
      const found = await delivery.madeOf(objectNameOf({ bucket, key }))
      return found && shownOrigin(found, namedBy)
    },
    close: delivery.close,
  }
}

function ownPlaceOf(recordId: string): RecordPlace | undefined {
  const place = parseRecordId(recordId)
  return place && { jobId: place.deliveryStreamId, position: place.position }
}

/** A place in the words of its destination. */
type Naming = (to: { readonly destination: string; readonly place: Place }) => ObjectName

const nameOnly = (naming: Naming, to: Parameters<Naming>[0]): ObjectName => {
  const { bucket, key } = naming(to)
  return { bucket, key }
}

const shownBatch = ({ destination, place, records, bytes }: DeliveredBatch, naming: Naming) => ({
  ...nameOnly(naming, { destination, place }),
  ...{ records, bytes },
})

const shownSummary = (
  { place, destination, format: _format, ...summary }: DeliverySummary,
  naming: Naming,
) => ({ ...summary, ...naming({ destination, place }) })

const shownOrigin = ({ job, delivered, sources }: Origins, naming: Naming) => ({
  ...{ job, sources },
  object: shownSummary(delivered, naming),
})

interface ShownSealed extends Omit<NonNullable<BufferGauge['sealed']>, 'destination' | 'place'>, ObjectName {}

function shownBuffer<T extends BufferGauge>(
  { sealed, ...gauge }: T,
  naming: Naming,
): Omit<T, 'sealed'> & { readonly sealed?: ShownSealed } {
  if (!sealed) return gauge
  const { destination, place, ...batch } = sealed
  return { ...gauge, sealed: { ...nameOnly(naming, { destination, place }), ...batch } }
}

function shownGauge(
  { backup, errors, partitions, programSuspendedAt, lastDeliveries, ...gauge }: Gauge,
  naming: Naming,
) {
  const shown = <T extends BufferGauge>(buffer: T) => shownBuffer(buffer, naming)
  return {
    ...shown(gauge),
    ...(backup && { backup: shown(backup) }),
    ...(errors && { errors: shown(errors) }),
    ...(partitions && { partitions: { ...partitions, fullest: partitions.fullest.map(shown) } }),
    ...(programSuspendedAt !== undefined && { querySuspendedAt: programSuspendedAt }),
    lastDeliveries: lastDeliveries.map((summary) => shownSummary(summary, naming)),
  }
}

function shownLanded({ job: deliveryStream, ...landed }: Landed, naming: Naming): ShownLanded {
  if (!('place' in landed)) return { deliveryStream, ...landed }
  const { destination, place, state } = landed
  const name = nameOnly(naming, { destination, place })
  if (state === 'delivering') return { deliveryStream, state, ...name }
  const { destination: _destination, place: _place, state: _state, ...rest } = landed
  return { deliveryStream, state, ...name, ...rest }
}
