import type { OriginView } from '../../../src/api/views.ts'
import { hrefOf } from '../../router.ts'
import { now } from '../../server/live.ts'
import { countText, relativeText } from '../../texts/quantity.ts'
import { Reason } from '../delivery-stream/timeline.tsx'

/** "Made of 512 records of shard …", with the way back to them. */
export function MadeOf({ origin }: { readonly origin: OriginView }) {
  const { deliveryStream, sourceStream, delivery, ranges } = origin
  return (
    <div class="stack">
      <p>
        Delivered by <a href={hrefOf(['delivery-streams', deliveryStream])}>{deliveryStream}</a>{' '}
        {relativeText(delivery.deliveredAt, now.value)}, by <Reason delivery={delivery} />
      </p>
      <p>
        Made of{' '}
        {ranges.map(({ shardId, position, records }, index) => (
          <span key={`${shardId} ${position}`}>
            {index > 0 && ', '}
            {sourceStream ? (
              <a href={hrefOf(['streams', sourceStream], { shard: shardId, from: `position:${position}` })}>
                {countText(records, 'record')} of {shardId}
              </a>
            ) : (
              `${countText(records, 'record')} that were put directly`
            )}
          </span>
        ))}
      </p>
    </div>
  )
}
