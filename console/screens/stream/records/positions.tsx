import { setQuery } from '../../../router.ts'
import { now } from '../../../server/live.ts'

interface PositionsProps {
  readonly from: string
  readonly to: number | undefined
}

/** AWS's five positions to begin at, and until when. */
const KINDS = [
  ['oldest', 'Trim horizon'],
  ['newest', 'Latest'],
  ['time', 'At timestamp'],
  ['at', 'At sequence number'],
  ['after', 'After sequence number'],
] as const

const HOUR_MS = 3_600_000

export function Positions({ from, to }: PositionsProps) {
  const [kind = 'oldest', ...rest] = from.split(':')
  const value = rest.join(':')
  return (
    <>
      <label>
        Begin at
        <select
          value={kind}
          onChange={(event) => {
            const chosen = event.currentTarget.value
            const first = chosen === 'time' ? `time:${Math.floor(now.peek() - HOUR_MS)}` : `${chosen}:`
            setQuery({ from: chosen === 'oldest' ? '' : chosen === 'newest' ? 'newest' : first })
          }}
        >
          {kind === 'position' && <option value="position">At a record</option>}
          {KINDS.map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {kind === 'time' && (
        <>
          <TimeField
            label="From (UTC)"
            time={Number(value)}
            onTime={(time) => setQuery({ from: `time:${time}` })}
          />
          <TimeField
            label="To (UTC)"
            time={to}
            onTime={(time) => setQuery({ to: time ? String(time) : '' })}
          />
        </>
      )}
      {(kind === 'at' || kind === 'after') && (
        <label>
          Sequence number
          <input
            inputMode="numeric"
            pattern="\d+"
            value={value}
            onChange={(event) => setQuery({ from: `${kind}:${event.currentTarget.value.trim()}` })}
          />
        </label>
      )}
    </>
  )
}

interface TimeFieldProps {
  readonly label: string
  readonly time: number | undefined
  readonly onTime: (time: number) => void
}

function TimeField({ label, time, onTime }: TimeFieldProps) {
  const text = time ? new Date(time).toISOString().slice(0, 19) : ''
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        step={1}
        value={text}
        onChange={(event) => onTime(Date.parse(`${event.currentTarget.value}Z`) || 0)}
      />
    </label>
  )
}
