import type { Receipt } from './cost.ts'

/** Of what was spent, `actual` from this share of the budget on; of a month of what runs, `forecast` from all of it. */
const ACTUAL_SHARE = 0.8

export type BudgetAlert = 'actual' | 'forecast'

/** What AWS Budgets would say of a receipt; `usd` is the budget. */
export const alertsOf = (
  { total, ifLeftRunningForAMonth }: Pick<Receipt, 'total' | 'ifLeftRunningForAMonth'>,
  usd: number,
): BudgetAlert[] => [
  ...(total >= usd * ACTUAL_SHARE ? (['actual'] as const) : []),
  ...(ifLeftRunningForAMonth >= usd ? (['forecast'] as const) : []),
]
