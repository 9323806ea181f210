import type { DeliveryView, GaugeView } from '../../../src/api/views.ts'
import { hrefOf } from '../../router.ts'
import { now } from '../../server/live.ts'
import { bytesText, countText, durationText, relativeText, utcText } from '../../texts/quantity.ts'

/** So many deliveries the server tells of. */
const REMEMBERED = 10

/** What is on its way and what was delivered, newest first. */
export function DeliveryTimeline({ gauge }: { readonly gauge: GaugeView }) {
  const { lastDeliveries, sealed } = gauge
  if (lastDeliveries.length === 0 && !sealed) return <p class="muted">Nothing was delivered yet.</p>
  return (
    <div class="scroll">
      {gauge.gone && <GoneNotice gone={gauge.gone} />}
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
            <th class="number">Attempts</th>
            <th class="number" title="From sealing the batch to the object, with every attempt">
              Put took
            </th>
          </tr>
        </thead>
        <tbody>
          {sealed && <OnItsWay gauge={gauge} sealed={sealed} />}
          {lastDeliveries.map((delivery) => (
            <tr key={delivery.key}>
              <td class="moment">{utcText(delivery.deliveredAt).slice(0, 19)}</td>
              <td class="mono">
                <ObjectName delivery={delivery} />
              </td>
              <td class="number">
                {delivery.records.toLocaleString('en')}
                {delivery.gone !== undefined && <span class="badge bad"> {delivery.gone} gone</span>}
              </td>
              <td class="number">{bytesText(delivery.bytes)}</td>
              <td>
                <Reason delivery={delivery} />
              </td>
              <td class="number">{durationText(delivery.deliveredAt - delivery.oldestArrival)}</td>
              <td class="number">{delivery.attempts ?? 'unknown'}</td>
              <td class="number">{durationText(delivery.deliveredAt - delivery.sealedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {lastDeliveries.length >= REMEMBERED && (
        <p class="muted">The newest {lastDeliveries.length}; older objects are in their bucket.</p>
      )}
    </div>
  )
}

function GoneNotice({ gone }: { readonly gone: NonNullable<GaugeView['gone']> }) {
  return (
    <p class="notice bad">
      {countText(gone.records, 'record')}
      {gone.uncounted && ', and others that nobody counted,'} could not be delivered; at last,{' '}
      {relativeText(gone.lastAt, now.value)}: {gone.why}
    </p>
  )
}

interface OnItsWayProps {
  readonly gauge: GaugeView
  readonly sealed: NonNullable<GaugeView['sealed']>
}

function OnItsWay({ gauge: { failures, retryAt, lastError }, sealed }: OnItsWayProps) {
  return (
    <tr>
      <td>
        <span class={failures > 0 ? 'badge bad' : 'badge'}>on its way</span>
      </td>
      <td class="mono">{sealed.key}</td>
      <td class="number">{sealed.records.toLocaleString('en')}</td>
      <td colSpan={5}>
        {failures === 0
          ? 'first attempt'
          : `${countText(failures, 'attempt')} failed (${lastError?.code ?? 'unknown'})${
              retryAt === undefined
                ? ''
                : `, the next ${relativeText(Math.max(retryAt, now.value), now.value)}`
            }`}
      </td>
    </tr>
  )
}

function ObjectName({
  delivery: { bucket, key, kind, givenUp, outcome },
}: {
  readonly delivery: DeliveryView
}) {
  return (
    <>
      {outcome.status === 'delivered' ? <a href={hrefOf(['objects'], { bucket, key })}>{key}</a> : key}{' '}
      {outcome.status === 'lost' && (
        <>
          <span class="badge bad">lost</span> {outcome.why}
        </>
      )}
      {(kind === 'errors' || givenUp) && <span class="badge bad">error output</span>}{' '}
      {givenUp && `after ${countText(givenUp.attempts, 'attempt')}: ${givenUp.code} ${givenUp.message}`}
      {kind === 'backup' && <span class="badge">backup</span>}
    </>
  )
}

/** Says plainly where it was not AWS's own timing. */
export function Reason({ delivery: { reason, byMovedClock } }: { readonly delivery: DeliveryView }) {
  const isAws = reason === 'size' || reason === 'interval'
  return (
    <>
      {isAws ? reason : <span class="badge warn">deliver-now, not AWS's timing</span>}{' '}
      {byMovedClock && <span class="badge warn">clock was moved</span>}
    </>
  )
}
