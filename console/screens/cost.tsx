import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { textOf } from '../api.ts'
import { Failure } from '../parts/action.tsx'
import { budget, receipt, refreshReceipt, setBudget } from '../parts/budget.tsx'
import { usdText } from '../quantity.ts'
import type { CostLine } from './receipt.ts'

const PERIOD_MS = 3_000

/** What AWS would charge for what really happened. */
export function CostScreen() {
  const failure = useSignal('')
  useEffect(() => {
    const refresh = () =>
      refreshReceipt().catch((error) => {
        failure.value = textOf(error)
      })
    void refresh()
    const timer = setInterval(refresh, PERIOD_MS)
    return () => clearInterval(timer)
  }, [])
  const spent = receipt.value
  return (
    <>
      <div>
        <h1>Cost</h1>
        <p class="muted">
          What this would have cost on AWS, from what really happened here. Nothing is charged.
        </p>
      </div>
      <Failure text={failure.value} />
      {spent && (
        <div class="columns">
          <section class="panel stack">
            <h2>Receipt</h2>
            <Lines lines={spent.lines} total={spent.total} totalLabel="Total" />
            {spent.rounding && spent.rounding.waste > 0 && (
              <p class="notice">
                Rounding waste: {usdText(spent.rounding.waste)} of the total is for bytes that were never
                sent.
              </p>
            )}
            {spent.notes.map((note) => (
              <p key={note} class="muted">
                {note}
              </p>
            ))}
            <p class="muted">
              Prices of {spent.region}, as of {spent.asOf.join(', ') || 'today'}.
            </p>
          </section>
          <div class="stack">
            <section class="panel stack">
              <h2>Running now, per hour</h2>
              {spent.running.length === 0 ? (
                <p class="muted">Nothing costs while it merely exists.</p>
              ) : (
                <Lines lines={spent.running} total={spent.runningPerHour} totalLabel="Each hour" />
              )}
              <p>
                If left running for a month:{' '}
                <strong class="number">{usdText(spent.ifLeftRunningForAMonth)}</strong>
              </p>
            </section>
            <Budget />
          </div>
        </div>
      )}
    </>
  )
}

interface LinesProps {
  readonly lines: readonly CostLine[]
  readonly total: number
  readonly totalLabel: string
}

function Lines({ lines, total, totalLabel }: LinesProps) {
  return (
    <table class="receipt">
      <thead>
        <tr>
          <th>Meter</th>
          <th class="number">Quantity</th>
          <th class="number">Price</th>
          <th class="number">Cost</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ label, quantity, unit, price, cost }) => (
          <tr key={`${label} ${price}`}>
            <td>{label}</td>
            <td class="number">
              {Number(quantity.toPrecision(3))} {unit}
            </td>
            <td class="number">${price}</td>
            <td class="number">{usdText(cost)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {totalLabel}
          </th>
          <td class="number">{usdText(total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function Budget() {
  return (
    <section class="panel stack">
      <h2>Budget</h2>
      <label>
        USD; an alert at 80 % spent, and when a month of what runs would exceed it
        <input
          type="number"
          min={0}
          step="any"
          placeholder="none"
          value={budget.value ?? ''}
          onChange={(event) => {
            const { valueAsNumber } = event.currentTarget
            setBudget(valueAsNumber > 0 ? valueAsNumber : undefined)
          }}
        />
      </label>
      <p class="muted">
        For CI: <code>npx standpipe cost --fail-over {budget.value ?? 0.05}</code> exits with 1 beyond it.
      </p>
    </section>
  )
}
