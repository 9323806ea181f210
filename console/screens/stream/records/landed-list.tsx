import { hrefOf } from '../../../router.ts'
import { now } from '../../../server/live.ts'
import { mayDo } from '../../../server/session.ts'
import { relativeText } from '../../../texts/quantity.ts'
import type { StreamRecord } from './stream-record.ts'

/** What `GET /_standpipe/api/landed` answers for each delivery stream that reads the stream. */
export interface Landed {
  readonly deliveryStream: string
  readonly state: 'delivered' | 'failed' | 'delivering' | 'buffered' | 'lost' | 'unknown' | (string & {})
  readonly bucket?: string
  readonly key?: string
  readonly deliveredAt?: number
  readonly dueAt?: number
}

interface LandedListProps {
  readonly stream: string
  readonly record: StreamRecord
  /** Undefined: not known yet. */
  readonly landed: readonly Landed[] | undefined
}

/** Where the record landed, or when it leaves. */
export function LandedList({ stream, record, landed }: LandedListProps) {
  if (!landed) return null
  if (landed.length === 0)
    return (
      <p class="notice">
        No delivery stream reads this stream.{' '}
        {mayDo('firehose:CreateDeliveryStream') && (
          <a href={hrefOf(['new-delivery-stream'], { stream })}>Create one</a>
        )}
      </p>
    )
  return (
    <div class="stack">
      {landed.map((place) => (
        <p
          key={`${place.deliveryStream} ${place.key}`}
          class={`notice${place.state === 'lost' ? ' bad' : ''}`}
        >
          <a href={hrefOf(['delivery-streams', place.deliveryStream])}>{place.deliveryStream}</a>:{' '}
          <Whereabouts place={place} record={record} />
        </p>
      ))}
    </div>
  )
}

function Whereabouts({ place, record }: { readonly place: Landed; readonly record: StreamRecord }) {
  const { state, bucket, key, dueAt, deliveredAt } = place
  const { shardId, position } = record
  const object = bucket && key && (
    <a class="mono" href={hrefOf(['objects'], { bucket, key, shard: shardId, position: String(position) })}>
      s3://{bucket}/{key}
    </a>
  )
  switch (state) {
    case 'delivered':
      return (
        <>
          landed in {object} {deliveredAt !== undefined && relativeText(deliveredAt, now.value)}
        </>
      )
    case 'failed':
      return <>could not be delivered; it is among the error records in {object}</>
    case 'delivering':
      return <>on its way to {object}</>
    case 'buffered':
      return (
        <>
          buffered; leaves{' '}
          {dueAt === undefined ? 'with the next object' : `${relativeText(dueAt, now.value)} at the latest`}
        </>
      )
    case 'lost':
      return <>gone from the stream before it could be delivered</>
    default:
      return (
        <>
          not delivered, as far as is known. A delivery stream starts at LATEST: what was put before it was
          created it does not read.
        </>
      )
  }
}
