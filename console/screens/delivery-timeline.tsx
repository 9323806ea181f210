import type { DeliveryView, GaugeView } from '../../src/api/views.ts'
import { overview } from '../live.ts'
import { bytesText, durationText, utcText } from '../quantity.ts'
import { hrefOf } from '../router.ts'

/** AWS's reasons, and the one that is ours. */
const REASONS: Readonly<Record<string, string>> = { size: 'size', interval: 'interval' }

/** What was delivered, newest first. */
export function DeliveryTimeline({ gauge: { lastDeliveries } }: { readonly gauge: GaugeView }) {
  if (lastDeliveries.length === 0) return <p class="muted">Nothing was delivered yet.</p>
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Delivered (UTC)</th>
            <th>Object</th>
            <th class="number">Records</th>
            <th class="number">Bytes</th>
            <th>Reason</th>
            <th class="number" title="From the oldest record's arrival to the object">
              Oldest waited
            </th>
          </tr>
        </thead>
        <tbody>
          {lastDeliveries.map((delivery) => (
            <tr key={`${delivery.number} ${delivery.key}`}>
              <td class="number">{utcText(delivery.deliveredAt).slice(0, 19)}</td>
              <td class="mono">
                {delivery.outcome.status === 'delivered' ? (
                  <a href={hrefOf(['objects'], { bucket: delivery.bucket, key: delivery.key })}>
                    {delivery.key}
                  </a>
                ) : (
                  <>
                    {delivery.key} <span class="badge bad">lost</span>
                  </>
                )}
              </td>
              <td class="number">{delivery.records.toLocaleString('en')}</td>
              <td class="number">{bytesText(delivery.bytes)}</td>
              <td>
                <Reason delivery={delivery} />
              </td>
              <td class="number">{durationText(delivery.deliveredAt - delivery.oldestArrival)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lastDeliveries.length >= 10 && <p class="muted">The newest {lastDeliveries.length}.</p>}
    </div>
  )
}

/** Says plainly where it was not AWS's own timing. */
export function Reason({ delivery: { reason } }: { readonly delivery: DeliveryView }) {
  const isMoved = (overview.value?.clock.offsetMs ?? 0) > 0 && reason === 'interval'
  return (
    <>
      {REASONS[reason] ? reason : <span class="badge warn">deliver-now, not AWS's timing</span>}{' '}
      {isMoved && <span class="badge warn">clock was moved</span>}
    </>
  )
}
