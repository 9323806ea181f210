import type { GaugeView } from '../../src/api/views.ts'
import { bytesText, clockText, durationText } from '../texts/quantity.ts'

interface GaugeProps {
  readonly gauge: GaugeView
  readonly now: number
}

/** How full the buffer is, by both hints. */
export function Gauge({ gauge, now }: GaugeProps) {
  const { buffered, hints, dueAt } = gauge
  const ageMs = dueAt === undefined ? 0 : Math.max(0, hints.intervalMs - (dueAt - now))
  return (
    <div class="gauge">
      <span>size</span>
      <Bar share={buffered.bytes / hints.sizeBytes} label="Buffered bytes against the size hint" />
      <span class="number">
        <strong>{bytesText(buffered.bytes)}</strong> of {bytesText(hints.sizeBytes)}
      </span>
      <span>age</span>
      <Bar
        share={hints.intervalMs === 0 ? 0 : ageMs / hints.intervalMs}
        label="Age against the interval hint"
      />
      <span class="number">
        <strong>{clockText(Math.floor(ageMs / 1_000) * 1_000)}</strong> of {durationText(hints.intervalMs)}
      </span>
    </div>
  )
}

function Bar({ share, label }: { readonly share: number; readonly label: string }) {
  const part = Math.min(1, Math.max(0, share))
  return (
    <span
      class={`bar${part >= 0.95 ? ' full' : ''}`}
      role="img"
      aria-label={`${label}: ${Math.round(part * 100)} %`}
      style={{ '--share': part }}
    >
      <span />
    </span>
  )
}
