import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { SpaceView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure } from '../../parts/action.tsx'
import { get, textOf } from '../../server/api.ts'
import { poll } from '../../server/polling.ts'
import { mayDo } from '../../server/session.ts'
import { bytesText, durationText } from '../../texts/quantity.ts'
import { QuotaForm } from './quota-form.tsx'
import { TakenPanel } from './taken-panel.tsx'

const PERIOD_MS = 5_000

/** What takes how much of the disk, and how long it lasts. */
export function SpaceScreen() {
  const failure = useSignal('')
  const space = useSignal<SpaceView | undefined>(undefined)
  const mayLook = mayDo('standpipe:GetStatus')
  const refresh = async (signal?: AbortSignal) => {
    try {
      space.value = await get<SpaceView>('space', {}, signal)
      failure.value = ''
    } catch (error) {
      if (!signal?.aborted) failure.value = textOf(error)
    }
  }
  useEffect(() => (mayLook ? poll(refresh, PERIOD_MS) : undefined), [mayLook])
  const now = space.value
  return (
    <>
      <div>
        <h1>Space</h1>
        <p class="muted">What takes how much of the disk, and when there is none left.</p>
      </div>
      <Needs actions={['standpipe:GetStatus']} to="see what takes how much" />
      <Failure text={failure.value} />
      {now && (
        <div class="columns">
          <div class="stack">
            <DiskPanel space={now} />
            <TakenPanel title="Buckets" noun="bucket" taken={now.buckets} ofBytes={now.usedBytes} />
            <TakenPanel title="Streams" noun="stream" taken={now.streams} ofBytes={now.usedBytes} />
            <TakenPanel
              title="Buffers of delivery"
              noun="buffer"
              taken={now.buffers}
              ofBytes={now.usedBytes}
            />
          </div>
          <QuotaForm space={now} onSet={refresh} />
        </div>
      )}
    </>
  )
}

function DiskPanel({ space }: { readonly space: SpaceView }) {
  const { usedBytes, freeBytes, limitBytes, roomBytes, fullInMs, restBytes, isCounting } = space
  const most = limitBytes ?? usedBytes + freeBytes
  const usedPercent = most > 0 ? Math.min(100, (usedBytes / most) * 100) : 0
  return (
    <section class="panel stack">
      <h2>{limitBytes === undefined ? 'Disk' : 'Limit'}</h2>
      <div class={`bar${roomBytes === 0 ? ' full' : ''}`} aria-hidden="true">
        <span style={{ '--share': usedPercent / 100 }} />
      </div>
      <p>
        <strong class="number">{bytesText(usedBytes)}</strong> used
        {limitBytes === undefined
          ? `, ${bytesText(freeBytes)} free on the disk.`
          : ` of ${bytesText(limitBytes)}; ${bytesText(freeBytes)} are free where it lies.`}
      </p>
      <p class={roomBytes === 0 ? 'notice bad' : 'muted'}>
        {roomBytes === 0
          ? 'Writes are refused until something is deleted.'
          : `${bytesText(roomBytes)} until writes are refused.`}
      </p>
      {fullInMs !== undefined && (
        <p class={`notice${fullInMs < 86_400_000 ? ' bad' : ''}`}>
          Full in about <strong>{durationText(fullInMs)}</strong>, if it goes on as in the last hours.
        </p>
      )}
      <p class="muted">
        {bytesText(restBytes)} of it are the rest: metadata, and what has aged or is delivered and is not
        given back yet.
        {isCounting && ' The buckets are still being counted.'}
      </p>
    </section>
  )
}
