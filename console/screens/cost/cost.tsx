import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Needs } from '../../parts/access/needs.tsx'
import { Failure } from '../../parts/action.tsx'
import { get, textOf } from '../../server/api.ts'
import { poll } from '../../server/polling.ts'
import { mayDo } from '../../server/session.ts'
import { usdText } from '../../texts/quantity.ts'
import { BudgetForm } from './budget-form.tsx'

const PERIOD_MS = 3_000

/** What AWS would charge for what really happened. */
export function CostScreen() {
  const failure = useSignal('')
  const receipt = useSignal<Receipt | undefined>(undefined)
  const mayLook = mayDo('standpipe:GetCost')
  useEffect(() => {
    const refresh = async (signal: AbortSignal) => {
      try {
        receipt.value = await get<Receipt>('cost', {}, signal)
        failure.value = ''
      } catch (error) {
        if (!signal.aborted) failure.value = textOf(error)
      }
    }
    return mayLook ? poll(refresh, PERIOD_MS) : undefined
  }, [mayLook])
  const spent = receipt.value
  return (
    <>
      <div>
        <h1>Cost</h1>
        <p class="muted">
          What this would have cost on AWS, from what really happened here. Nothing is charged.
        </p>
      </div>
      <Needs actions={['standpipe:GetCost']} to="see the receipt" />
      <Failure text={failure.value} />
      {(spent || !mayLook) && (
        <div class="columns">
          {spent && <ReceiptPanel spent={spent} />}
          <div class="stack">
            {spent && <RunningPanel spent={spent} />}
            <BudgetForm />
          </div>
        </div>
      )}
    </>
  )
}

interface PanelProps {
  readonly spent: Receipt
}

function ReceiptPanel({ spent }: PanelProps) {
  return (
    <section class="panel stack">
      <h2>Receipt</h2>
      <Lines lines={spent.lines} total={spent.total} totalLabel="Total" />
      {spent.rounding && spent.rounding.waste > 0 && (
        <p class="notice">
          Rounding waste: {usdText(spent.rounding.waste)} of the total is for bytes that were never sent.
        </p>
      )}
      {spent.notes.map((note) => (
        <p key={note} class="muted">
          {note}
        </p>
      ))}
      <p class="muted">
        Prices of {spent.region}, {datesText(spent.asOf)}.
      </p>
    </section>
  )
}

function RunningPanel({ spent }: PanelProps) {
  return (
    <section class="panel stack">
      <h2>Running now, per hour</h2>
      {spent.running.length === 0 ? (
        <p class="muted">Nothing costs while it merely exists.</p>
      ) : (
        <Lines lines={spent.running} total={spent.runningPerHour} totalLabel="Each hour" />
      )}
      <p>
        If left running for a month: <strong class="number">{usdText(spent.ifLeftRunningForAMonth)}</strong>
      </p>
    </section>
  )
}

function datesText(asOf: readonly string[]): string {
  const [oldest, newest] = [asOf[0]?.slice(0, 7), asOf.at(-1)?.slice(0, 7)]
  return oldest === newest ? `as of ${oldest ?? 'now'}` : `as of ${oldest} to ${newest}`
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

/** What `GET /_standpipe/api/cost` answers; USD. */
interface Receipt {
  readonly region: string
  readonly lines: readonly CostLine[]
  readonly total: number
  /** Per hour. */
  readonly running: readonly CostLine[]
  readonly runningPerHour: number
  readonly ifLeftRunningForAMonth: number
  readonly rounding?: { readonly sentGb: number; readonly billedGb: number; readonly waste: number }
  readonly asOf: readonly string[]
  readonly notes: readonly string[]
}

interface CostLine {
  readonly label: string
  readonly quantity: number
  readonly unit: string
  readonly price: number
  readonly cost: number
}
