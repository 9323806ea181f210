import type { LogId, MetadataStore, Position } from '../../engine/engine.ts'
import { dueAt, type LogRange } from './buffer.ts'
import { listDelivered } from './checkpoint.ts'
import type { LineState } from './line.ts'
import type { DeliveryReason } from './manifest.ts'

/** Where one record is: in an object, on its way, or waiting. Times are ms since 1970. */
export type Landed = { readonly deliveryStream: string } & (
  | {
      readonly state: 'delivered'
      readonly bucket: string
      readonly key: string
      readonly reason: DeliveryReason
      readonly deliveredAt: number
    }
  /** The object has its name and may be there already. */
  | { readonly state: 'delivering'; readonly bucket: string; readonly key: string }
  /** `dueAt`: when the interval ends at the latest; absent when the record was not read yet. */
  | { readonly state: 'buffered'; readonly dueAt?: number }
  /** Gone from its log before it could be delivered. */
  | { readonly state: 'lost'; readonly deliveredAt: number }
  /** From before the delivery stream began, or delivered longer ago than is remembered. */
  | { readonly state: 'unknown' }
)

export interface Place extends LogId {
  readonly position: Position
}

export async function landedOf(metadata: MetadataStore, state: LineState, place: Place): Promise<Landed> {
  const { stream, hints, progress, intake } = state
  const deliveryStream = stream.name
  const sealed = progress.sealed?.value
  if (sealed && holds(sealed.ranges, place))
    return { deliveryStream, state: 'delivering', bucket: sealed.bucket, key: sealed.key }
  const content = intake.buffer.content()
  if (holds(content.ranges, place)) return { deliveryStream, state: 'buffered', dueAt: dueAt(content, hints) }
  const source = intake.positions().find(({ group, log }) => group === place.group && log === place.log)
  if (source && place.position >= source.next) return { deliveryStream, state: 'buffered' }
  const history = await listDelivered(metadata, stream.id)
  const found = history.findLast(({ ranges }) => holds(ranges, place))
  if (!found) return { deliveryStream, state: 'unknown' }
  const { bucket, key, reason, deliveredAt, outcome } = found
  if (outcome.status === 'lost') return { deliveryStream, state: 'lost', deliveredAt }
  return { deliveryStream, state: 'delivered', bucket, key, reason, deliveredAt }
}

const holds = (ranges: readonly LogRange[], { group, log, position }: Place) =>
  ranges.some(
    (range) => range.group === group && range.log === log && range.from <= position && position < range.to,
  )
