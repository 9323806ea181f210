import type { PlaceView, TakenView } from '../../../src/api/views.ts'
import { bytesText, countText } from '../../texts/quantity.ts'

interface TakenProps {
  readonly title: string
  readonly noun: string
  readonly taken: TakenView
  readonly ofBytes: number
}

/** Who of one kind takes how much; a bar is the share of all that is used, or of the quota where there is one. */
export function TakenPanel({ title, noun, taken, ofBytes }: TakenProps) {
  const { bytes, count, largest } = taken
  return (
    <section class="panel stack">
      <h2>{title}</h2>
      {count === 0 ? (
        <p class="muted">There is no {noun}.</p>
      ) : (
        <>
          <p class="muted">
            {countText(count, noun)}, {bytesText(bytes)}
          </p>
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th class="number">Bytes</th>
                <th class="number">Quota</th>
                <th>
                  <span class="visually-hidden">Share</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {largest.map((place) => (
                <PlaceRow
                  key={`${place.account} ${place.region} ${place.name}`}
                  place={place}
                  ofBytes={ofBytes}
                />
              ))}
            </tbody>
          </table>
          {count > largest.length && <p class="muted">And {count - largest.length} smaller ones.</p>}
        </>
      )}
    </section>
  )
}

function PlaceRow({ place, ofBytes }: { readonly place: PlaceView; readonly ofBytes: number }) {
  const { name, bytes, quotaBytes, objects } = place
  const most = quotaBytes ?? ofBytes
  const percent = most > 0 ? Math.min(100, (bytes / most) * 100) : 0
  return (
    <tr>
      <td>
        {name}
        {objects !== undefined && <span class="muted"> {countText(objects, 'object')}</span>}
      </td>
      <td class="number">{bytesText(bytes)}</td>
      <td class="number">{quotaBytes === undefined ? '–' : bytesText(quotaBytes)}</td>
      <td class="share">
        <div class={`bar${quotaBytes !== undefined && percent >= 90 ? ' full' : ''}`} aria-hidden="true">
          <span style={{ '--share': percent / 100 }} />
        </div>
      </td>
    </tr>
  )
}
