import type { Receipt } from '../metrics/cost.ts'
import type { Webhook } from '../remote/webhook.ts'

export interface AlertOptions {
  /** Takes the line of an alert, and that of a webhook that failed. */
  readonly warn: (message: string) => void
  readonly webhook: Webhook
}

/** An alert and the figures behind it; USD, `usd` is the budget. */
interface Alert extends Pick<Receipt, 'total' | 'ifLeftRunningForAMonth'> {
  readonly alert: BudgetAlert
  readonly usd: number
  /** Ms since 1970. */
  readonly at: number
}

/** Says alerts: each is a line in the log and, where there is a webhook, one POST. Nobody waits for the webhook. */
export function openBudgetAlerts({ warn, webhook }: AlertOptions) {
  const closing = new AbortController()
  let sending = Promise.resolve()
  const send = async (url: string, body: object) => {
    try {
      await webhook(url, body, closing.signal)
    } catch (error) {
      warn(`budget: the webhook was not told: ${error instanceof Error ? error.message : error}`)
    }
  }
  return {
    say({ alert, usd, total, ifLeftRunningForAMonth, at }: Alert, url: string | undefined): void {
      const line = `budget: ${sentenceOf({ alert, usd, total, ifLeftRunningForAMonth, at })}`
      warn(line)
      if (url === undefined) return
      // Chat services show `text`.
      const body = { text: `Standpipe ${line}`, alert, usd, total, ifLeftRunningForAMonth }
      sending = sending.then(() => send(url, { ...body, at: new Date(at).toISOString() }))
    },
    async close(): Promise<void> {
      closing.abort(new Error('the server is stopping'))
      await sending
    },
  }
}

const sentenceOf = ({ alert, usd, total, ifLeftRunningForAMonth }: Alert): string =>
  alert === 'actual'
    ? `$${total.toPrecision(3)} would have been spent, ${Math.round((total / usd) * 100)} % of $${usd}`
    : `left running for a month it would be $${ifLeftRunningForAMonth.toFixed(2)}, over $${usd}`

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
