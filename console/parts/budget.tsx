import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BudgetView } from '../../src/api/views.ts'
import { hrefOf } from '../router.ts'
import { get, post } from '../server/api.ts'
import { poll } from '../server/polling.ts'
import { mayDo } from '../server/session.ts'
import { usdText } from '../texts/quantity.ts'

const PERIOD_MS = 5_000

/** As the server keeps it, for everybody who looks at it; undefined until it said so. */
export const budget = signal<BudgetView | undefined>(undefined)

export async function setBudget(wanted: Pick<BudgetView, 'usd' | 'webhook'>): Promise<void> {
  budget.value = await post<BudgetView>('budget', wanted)
}

/** Says on every screen when 80 % of the budget are spent, or when all of it would be in a month. */
export function BudgetBanner() {
  const mayLook = mayDo('standpipe:GetBudget')
  useEffect(() => {
    const refresh = async (signal: AbortSignal) => {
      budget.value = await get<BudgetView>('budget', {}, signal)
    }
    const stop = mayLook ? poll(refresh, PERIOD_MS) : undefined
    return () => {
      stop?.()
      budget.value = undefined
    }
  }, [mayLook])
  const text = budget.value ? alertText(budget.value) : ''
  return text ? (
    <p class="notice warn" role="status">
      {text} <a href={hrefOf(['cost'])}>See the receipt</a>
    </p>
  ) : null
}

function alertText({ usd, total, ifLeftRunningForAMonth, alerts }: BudgetView): string {
  if (usd === null) return ''
  if (alerts.includes('actual'))
    return `${usdText(total)} would have been spent: ${Math.round((total / usd) * 100)} % of the budget of $${usd}.`
  if (alerts.includes('forecast'))
    return `Left running for a month this would cost ${usdText(ifLeftRunningForAMonth)}: over the budget of $${usd}.`
  return ''
}
