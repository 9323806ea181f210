import { useSignal } from '@preact/signals'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure, useAction } from '../../parts/action.tsx'
import { budget, setBudget } from '../../parts/budget.tsx'
import { mayDo } from '../../server/session.ts'

/** The limit that the server watches, and where it says so. */
export function BudgetForm() {
  if (mayDo('standpipe:GetBudget', 'standpipe:PutBudget')) return <BudgetFields />
  const limit = budget.value?.usd
  return (
    <section class="panel stack">
      <h2>Budget</h2>
      {limit !== undefined && <p>{limit === null ? 'No budget is set.' : `$${limit}.`}</p>}
      <Needs actions={['standpipe:GetBudget', 'standpipe:PutBudget']} to="set a budget" />
    </section>
  )
}

function BudgetFields() {
  // Undefined: nobody has typed there; the field shows what the server keeps.
  const usd = useSignal<string | undefined>(undefined)
  const webhook = useSignal<string | undefined>(undefined)
  const save = useAction(async (wanted: Parameters<typeof setBudget>[0]) => {
    await setBudget(wanted)
    usd.value = undefined
    webhook.value = undefined
  })
  const kept = budget.value
  const limit = kept?.usd ?? null
  return (
    <form
      class="panel stack"
      onSubmit={(event) => {
        event.preventDefault()
        const url = webhook.value ?? kept?.webhook ?? ''
        void save.start({ usd: Number(usd.value ?? limit), webhook: url.trim() || null })
      }}
    >
      <h2>Budget</h2>
      <p>
        {limit === null
          ? 'No budget is set. With one, an alert tells when 80 % of it would have been spent, and when a month of what runs would exceed it.'
          : `$${limit}: an alert at 80 % spent, and when a month of what runs would exceed it.`}
      </p>
      <div class="fields">
        <label>
          Budget, USD
          <input
            type="number"
            required
            min={0.0001}
            step="any"
            value={usd.value ?? limit ?? ''}
            onInput={(event) => {
              usd.value = event.currentTarget.value
            }}
          />
        </label>
        <label>
          Webhook for alerts (optional)
          <input
            type="url"
            pattern="https?://.+"
            placeholder="https://…"
            value={webhook.value ?? kept?.webhook ?? ''}
            onInput={(event) => {
              webhook.value = event.currentTarget.value
            }}
          />
        </label>
      </div>
      <div class="row">
        <button type="submit" disabled={save.busy.value}>
          Set budget
        </button>
        {limit !== null && (
          <button
            type="button"
            class="quiet"
            disabled={save.busy.value}
            onClick={() => save.start({ usd: null, webhook: null })}
          >
            Remove budget
          </button>
        )}
      </div>
      <Failure text={save.failure.value} />
      <p class="muted">
        Alerts are a banner on every screen{kept?.webhook ? ', ' : ' and '}a line in the server's log
        {kept?.webhook ? ' and a POST' : ''}. For CI:{' '}
        <code>npx standpipe cost --fail-over {limit ?? 0.05}</code> exits with 1 beyond it.
      </p>
    </form>
  )
}
