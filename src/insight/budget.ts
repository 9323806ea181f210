import type { BudgetPort } from '../api/ports.ts'
import type { BudgetView } from '../api/views.ts'
import type { Cancel, Clock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/engine.ts'
import { update } from '../engine/update.ts'
import { receipt } from '../metrics/cost.ts'
import type { RecordingMeters } from '../metrics/create-meters.ts'
import { US_EAST_1 } from '../metrics/prices.ts'
import { webhookRefusal } from '../remote/webhook.ts'
import { ServiceException } from '../service/exception.ts'
import { type AlertOptions, alertsOf, type BudgetAlert, openBudgetAlerts } from './budget-alerts.ts'

export const BUDGET_KEY = 'standpipe/budget'
/** A call's cost is looked at this much later, with that of all calls until then. */
const AFTER_CALL_MS = 1_000
/** What runs is billed by the hour. */
const PERIOD_MS = 3_600_000

interface SavedBudget {
  readonly usd: number
  readonly webhook?: string
  /** Said already; each is said again only after it was not so. */
  readonly said: readonly BudgetAlert[]
}

interface BudgetOptions extends AlertOptions {
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly meters: RecordingMeters
}

/** A limit in USD that is kept with the data and watched; each alert is said once. */
export function openBudget({ metadata, clock, meters, ...options }: BudgetOptions) {
  const alerts = openBudgetAlerts(options)
  const spent = () => receipt(meters.usage(clock.now()), US_EAST_1)
  const saved = async () => (await metadata.get<SavedBudget>(BUDGET_KEY))?.value
  let cancel: Cancel
  let isSoon = false
  let checking = Promise.resolve()

  /** Of several processes one says it: the one whose commit says that it was said. */
  async function check(): Promise<void> {
    const [now, at] = [spent(), clock.now()]
    const budget = await saved()
    if (!budget || alertsOf(now, budget.usd).join() === budget.said.join()) return
    const news = await update<SavedBudget, (() => void)[]>(metadata, BUDGET_KEY, (current) => {
      if (!current) return { value: undefined, result: [] }
      const { usd, webhook } = current
      const said = alertsOf(now, usd)
      const unsaid = said.filter((alert) => !current.said.includes(alert))
      const result = unsaid.map((alert) => () => alerts.say({ alert, usd, ...now, at }, webhook))
      return { value: { ...current, said }, result }
    })
    for (const say of news) say()
  }
  const checkAt = (time: number) => {
    cancel = clock.at(time, async () => {
      isSoon = false
      checkAt(clock.now() + PERIOD_MS)
      checking = check()
      await checking
    })
  }
  checkAt(clock.now() + PERIOD_MS)

  const set: BudgetPort['set'] = async ({ usd, webhook }) => {
    const refusal = typeof webhook === 'string' ? webhookRefusal(webhook) : undefined
    if (refusal !== undefined) throw new ServiceException('BadRequest', refusal)
    await update<SavedBudget, void>(metadata, BUDGET_KEY, (current) => {
      const to = webhook === undefined ? current?.webhook : (webhook ?? undefined)
      const value = usd === null ? undefined : { usd, said: [], ...(to !== undefined && { webhook: to }) }
      return { value, result: undefined }
    })
    await check()
  }

  return {
    set,
    /** Something was called, which may have cost something. */
    touched(): void {
      if (isSoon) return
      isSoon = true
      cancel()
      checkAt(clock.now() + AFTER_CALL_MS)
    },
    async view(): Promise<BudgetView> {
      const { usd = null, webhook = null } = (await saved()) ?? {}
      const { total, ifLeftRunningForAMonth } = spent()
      const now = usd === null ? [] : alertsOf({ total, ifLeftRunningForAMonth }, usd)
      return { usd, webhook, total, ifLeftRunningForAMonth, alerts: now }
    },
    async close(): Promise<void> {
      cancel()
      await checking
      await alerts.close()
    },
  }
}

export type Budget = ReturnType<typeof openBudget>
