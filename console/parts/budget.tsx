import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { get } from '../api.ts'
import { usdText } from '../quantity.ts'
import { hrefOf } from '../router.ts'
import type { Receipt } from '../screens/receipt.ts'

const STORED = 'standpipe-budget-usd'
const PERIOD_MS = 5_000
/** From this share of the budget on. */
const WARN_AT = 0.8

/** USD; undefined where none was set. Kept by the browser. */
export const budget = signal<number | undefined>(Number(localStorage.getItem(STORED)) || undefined)
export const receipt = signal<Receipt | undefined>(undefined)

export function setBudget(usd: number | undefined): void {
  budget.value = usd
  if (usd === undefined) localStorage.removeItem(STORED)
  else localStorage.setItem(STORED, String(usd))
}

export async function refreshReceipt(): Promise<void> {
  receipt.value = await get<Receipt>('cost')
}

/** Says on every screen when 80 % of the budget are spent, or when all of it would be in a month. */
export function BudgetBanner() {
  useEffect(() => {
    const refresh = () => {
      if (budget.peek() !== undefined) void refreshReceipt().catch(() => undefined)
    }
    refresh()
    const timer = setInterval(refresh, PERIOD_MS)
    return () => clearInterval(timer)
  }, [])
  const text = alertOf(receipt.value, budget.value)
  return text ? (
    <p class="notice warn" role="status">
      {text} <a href={hrefOf(['cost'])}>See the receipt</a>
    </p>
  ) : null
}

function alertOf(spent: Receipt | undefined, limit: number | undefined): string {
  if (!spent || limit === undefined) return ''
  const { total, ifLeftRunningForAMonth } = spent
  if (total >= limit * WARN_AT)
    return `${usdText(total)} would have been spent: ${Math.round((total / limit) * 100)} % of the budget of ${usdText(limit)}.`
  if (ifLeftRunningForAMonth >= limit)
    return `Left running for a month this would cost ${usdText(ifLeftRunningForAMonth)}: over the budget of ${usdText(limit)}.`
  return ''
}
