import { useSignal } from '@preact/signals'
import type { SpaceView } from '../../../src/api/views.ts'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { post } from '../../server/api.ts'
import { mayDo } from '../../server/session.ts'

const MIB = 2 ** 20

const KINDS = [
  ['bucket', 'Bucket'],
  ['stream', 'Stream'],
  ['delivery-stream', 'Buffer of a delivery stream'],
] as const
type Kind = (typeof KINDS)[number][0]

interface QuotaProps {
  readonly space: SpaceView
  readonly onSet: () => Promise<void>
}

/** What one of them may take at most. */
export function QuotaForm(props: QuotaProps) {
  if (mayDo('standpipe:PutQuota')) return <QuotaFields {...props} />
  return (
    <section class="panel stack">
      <h2>Quota</h2>
      <Needs actions={['standpipe:PutQuota']} to="set a quota" />
    </section>
  )
}

function QuotaFields({ space, onSet }: QuotaProps) {
  const kind = useSignal<Kind>('bucket')
  const name = useSignal('')
  const size = useSignal('')
  const named = { bucket: space.buckets, stream: space.streams, 'delivery-stream': space.buffers }[kind.value]
  const found = named.largest.find((place) => place.name === name.value)
  const save = useAction(async (bytes: number | null) => {
    const scope = new URLSearchParams(found && { account: found.account, region: found.region })
    await post(`quotas/${kind.value}/${encodeURIComponent(name.value)}?${scope}`, { bytes })
    size.value = ''
    await onSet()
  })
  return (
    <form
      class="panel stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save.start(Math.round(Number(size.value) * MIB))
      }}
    >
      <h2>Quota</h2>
      <p>
        Who has met its quota is refused more, by name, until something of it is deleted, delivered or too
        old.
      </p>
      <div class="fields">
        <label>
          Of what
          <select
            value={kind.value}
            onChange={(event) => {
              kind.value = KINDS.find(([one]) => one === event.currentTarget.value)?.[0] ?? 'bucket'
              name.value = ''
            }}
          >
            {KINDS.map(([one, label]) => (
              <option key={one} value={one}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Name
          <input
            required
            list="quota-names"
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value
            }}
          />
          <datalist id="quota-names">
            {named.largest.map((place) => (
              <option key={`${place.account} ${place.region} ${place.name}`} value={place.name} />
            ))}
          </datalist>
        </label>
        <label>
          At most, MiB
          <input
            type="number"
            required
            min={0.001}
            step="any"
            value={size.value}
            onInput={(event) => {
              size.value = event.currentTarget.value
            }}
          />
        </label>
      </div>
      <div class="row">
        <button type="submit" disabled={save.busy.value}>
          Set quota
        </button>
        {found?.quotaBytes !== undefined && (
          <button type="button" class="quiet" disabled={save.busy.value} onClick={() => save.start(null)}>
            Remove quota
          </button>
        )}
      </div>
      <Failure text={save.failure.value} />
      <p class="muted">
        In a terminal: <code>npx standpipe quota bucket landing-zone 10GiB</code>
      </p>
    </form>
  )
}
