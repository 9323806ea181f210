import type { BudgetView } from '../api/views.ts'
import type { Cancel, Clock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/engine.ts'
import { update } from '../engine/update.ts'
import { alertsOf, type BudgetAlert } from '../metrics/budget.ts'
import { type Receipt, receipt } from '../metrics/cost.ts'
import type { RecordingMeters } from '../metrics/create-meters.ts'
import { US_EAST_1 } from '../metrics/prices.ts'

const KEY = 'standpipe/budget'
/** A call's cost is looked at this much later, with that of all calls until then. */
const AFTER_CALL_MS = 1_000
/** What runs is billed by the hour. */
const PERIOD_MS = 3_600_000

interface SavedBudget {
  readonly usd: number
  /** Said already; each is said again only after it was not so. */
  readonly said: readonly BudgetAlert[]
}

interface BudgetOptions {
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly meters: RecordingMeters
  /** Takes the line of an alert. */
  readonly warn: (message: string) => void
}

/** A limit in USD that is kept with the data and watched: each alert is one line in the log. */
export function openBudget({ metadata, clock, meters, warn }: BudgetOptions) {
  const spent = () => receipt(meters.usage(clock.now()), US_EAST_1)
  const saved = async () => (await metadata.get<SavedBudget>(KEY))?.value
  let cancel: Cancel
  let isSoon = false
  let checking = Promise.resolve()

  /** Of several processes one says it: the one whose commit says that it was said. */
  async function check(): Promise<void> {
    const now = spent()
    const budget = await saved()
    if (!budget || sameAlerts(alertsOf(now, budget.usd), budget.said)) return
    const lines = await update<SavedBudget, string[]>(metadata, KEY, (current) => {
      if (!current) return { value: undefined, result: [] }
      const said = alertsOf(now, current.usd)
      const news = said.filter((alert) => !current.said.includes(alert))
      return { value: { ...current, said }, result: news.map((alert) => lineOf(alert, now, current.usd)) }
    })
    for (const line of lines) warn(line)
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

  return {
    /** Something was called, which may have cost something. */
    touched(): void {
      if (isSoon) return
      isSoon = true
      cancel()
      checkAt(clock.now() + AFTER_CALL_MS)
    },
    /** Undefined: no limit. Says at once what is over it. */
    async set(usd: number | undefined): Promise<void> {
      await metadata.commit([usd === undefined ? { delete: KEY } : { put: KEY, value: { usd, said: [] } }])
      await check()
    },
    async view(): Promise<BudgetView> {
      const usd = (await saved())?.usd
      const { total, ifLeftRunningForAMonth } = spent()
      const alerts = usd === undefined ? [] : alertsOf({ total, ifLeftRunningForAMonth }, usd)
      return { usd: usd ?? null, total, ifLeftRunningForAMonth, alerts }
    },
    async close(): Promise<void> {
      cancel()
      await checking
    },
  }
}

export type Budget = ReturnType<typeof openBudget>

const sameAlerts = (one: readonly BudgetAlert[], other: readonly BudgetAlert[]) => one.join() === other.join()

const lineOf = (alert: BudgetAlert, { total, ifLeftRunningForAMonth }: Receipt, usd: number): string =>
  alert === 'actual'
    ? `budget: $${total.toPrecision(3)} would have been spent, ${Math.round((total / usd) * 100)} % of $${usd}`
    : `budget: left running for a month it would be $${ifLeftRunningForAMonth.toFixed(2)}, over $${usd}`
