import { advance } from '../server/api.ts'
import { now, OVERVIEW_ACTION, overview } from '../server/live.ts'
import { isConnected, mayDo } from '../server/session.ts'
import { durationText, utcText } from '../texts/quantity.ts'
import { Failure, useAction } from './action.tsx'

/** The server's clock, how far it was moved, and the button that moves it. */
export function ClockFact() {
  const move = useAction(() => advance('5m'))
  const said = overview.value
  if (!said && !mayDo(OVERVIEW_ACTION)) return null
  if (!said)
    return <span role="status">{isConnected.value ? 'Connecting …' : 'Standpipe does not answer'}</span>
  const { clock, durable } = said
  return (
    <>
      {!isConnected.value && (
        <span class="badge bad" role="status">
          connection lost, trying again
        </span>
      )}
      {!durable && <span class="badge">in memory only</span>}
      <span class="number" title="The server's clock">
        {utcText(now.value).replace(/\.\d+/, '')}
      </span>
      {clock.mode === 'manual' && <span class="badge warn">clock stands still</span>}
      {clock.offsetMs > 0 && clock.mode === 'real' && (
        <span class="badge warn">clock moved +{durationText(clock.offsetMs)}</span>
      )}
      {clock.timeTravel && mayDo('standpipe:AdvanceClock') && (
        <button type="button" disabled={move.busy.value} onClick={() => move.start()}>
          +5 min
        </button>
      )}
      {move.failure.value && <Failure text={move.failure.value} />}
    </>
  )
}
