import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeadLetterView, NotificationsView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { ConfirmButton } from '../../parts/confirm-button.tsx'
import { get, post, textOf } from '../../server/api.ts'
import { poll } from '../../server/polling.ts'
import { mayDo } from '../../server/session.ts'
import { countText, utcText } from '../../texts/quantity.ts'

const LOOK = 'standpipe:GetNotifications'
const LOOK_EVERY_MS = 2_000

/** Whom a bucket tells of events, what is still to be told, and what nobody could be told; nothing where it tells nobody. */
export function BucketNotifications({ bucket }: { readonly bucket: string }) {
  const view = useSignal<NotificationsView | undefined>(undefined)
  const failure = useSignal('')
  const refresh = (signal?: AbortSignal) =>
    get<NotificationsView>(`buckets/${bucket}/notifications`, {}, signal).then(
      (seen) => {
        view.value = seen
        failure.value = ''
      },
      (error) => {
        if (!signal?.aborted) failure.value = textOf(error)
      },
    )
  const mayLook = mayDo(LOOK)
  useEffect(() => {
    view.value = undefined
    return mayLook ? poll(refresh, LOOK_EVERY_MS) : undefined
  }, [bucket, mayLook])
  const settle = useAction(async (wanted: 'send' | 'drop', id?: string) => {
    await post(`buckets/${bucket}/dead-letters`, { do: wanted, ...(id !== undefined && { id }) })
    await refresh()
  })
  const { configurations = [], deadLetterCount = 0, outstanding = 0 } = view.value ?? {}
  if (failure.value) return <Failure text={failure.value} />
  if (!view.value || configurations.length + deadLetterCount + outstanding === 0) return null
  return (
    <section class="panel stack" aria-label="Event notifications">
      <h2>Event notifications</h2>
      <Configurations view={view.value} />
      <Outstanding view={view.value} />
      <Failure text={settle.failure.value} />
      <DeadLetters view={view.value} settle={settle} />
    </section>
  )
}

interface Viewing {
  readonly view: NotificationsView
}

function Configurations({ view: { configurations } }: Viewing) {
  if (configurations.length === 0) return <p class="muted">It tells nobody any more.</p>
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Events</th>
            <th>Keys</th>
            <th>Are told to</th>
          </tr>
        </thead>
        <tbody>
          {configurations.map(({ id, destination, events, prefix, suffix }) => (
            <tr key={id} title={id}>
              <td class="mono">{events.join(', ')}</td>
              <td class="mono">{prefix || suffix ? `${prefix ?? ''}*${suffix ?? ''}` : 'all'}</td>
              <td class="mono">{destination}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Outstanding({ view: { outstanding, areMore, oldestAt, failing } }: Viewing) {
  return (
    <>
      <p>
        {outstanding === 0
          ? 'Nothing waits to be told.'
          : `${areMore ? 'At least ' : ''}${countText(outstanding, 'event')} still to be told${oldestAt === undefined ? '' : `, the oldest of ${utcText(oldestAt)}`}.`}
      </p>
      {failing.map(({ destination, why, retryAt }) => (
        <p key={destination} class="notice bad">
          <code>{destination}</code> does not take them: {why}. It is tried again at {utcText(retryAt)}; each
          event for 24 hours.
        </p>
      ))}
    </>
  )
}

interface DeadLettersProps extends Viewing {
  readonly settle: ReturnType<typeof useAction<[wanted: 'send' | 'drop', id?: string]>>
}

function DeadLetters({ view: { deadLetters, deadLetterCount }, settle }: DeadLettersProps) {
  if (deadLetterCount === 0) return null
  return (
    <>
      <h3>{countText(deadLetterCount, 'dead letter')}</h3>
      <p>What nobody could be told within 24 hours; it is kept for 14 days, the last 1,000 of a bucket.</p>
      <Needs actions={['standpipe:SettleNotifications']} to="send them again or drop them">
        <div class="row">
          <button type="button" disabled={settle.busy.value} onClick={() => settle.start('send')}>
            Send all again
          </button>
          <ConfirmButton
            label="Drop all"
            question={`Drop ${countText(deadLetterCount, 'dead letter')}? Nobody will be told of them.`}
            onConfirm={() => settle.start('drop')}
          />
        </div>
      </Needs>
      <div class="scroll">
        <table aria-label="Dead letters">
          <thead>
            <tr>
              <th>Event</th>
              <th>Key</th>
              <th>Not taken by</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {deadLetters.map((letter) => (
              <Letter key={letter.id} letter={letter} settle={settle} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Letter({ letter, settle }: { readonly letter: DeadLetterView } & Pick<DeadLettersProps, 'settle'>) {
  const { id, event, key, at, destination, why } = letter
  const may = mayDo('standpipe:SettleNotifications')
  return (
    <tr>
      <td>
        {event}
        <br />
        <span class="muted">{utcText(at)}</span>
      </td>
      <td class="mono">{key ?? ''}</td>
      <td>
        <code>{destination}</code>
        <br />
        {why}
      </td>
      <td>
        {may && (
          <div class="row">
            <button type="button" disabled={settle.busy.value} onClick={() => settle.start('send', id)}>
              Send again
            </button>
            <button
              type="button"
              class="quiet"
              disabled={settle.busy.value}
              onClick={() => settle.start('drop', id)}
            >
              Drop
            </button>
          </div>
        )}
      </td>
    </tr>
  )
}
