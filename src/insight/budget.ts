import type { BudgetPort } from '../api/ports.ts'
import type { BudgetView } from '../api/views.ts'
import type { Cancel, Clock } from '../clock/clock.ts'
import { inBackground } from '../engine/ports/background.ts'
import { list, maybe, number, oneOf, shape, text } from '../engine/ports/checks.ts'
import { document } from '../engine/ports/document.ts'
import type { MetadataStore } from '../engine/ports/engine.ts'
import { type Receipt, receipt } from '../metrics/cost.ts'
import type { RecordingMeters } from '../metrics/create-meters.ts'
import { US_EAST_1 } from '../metrics/prices.ts'
import type { Problems } from '../metrics/problems.ts'
import type { Outbound } from '../remote/outbound.ts'
import { type Webhook, webhookRefusal } from '../remote/webhook.ts'
import { ServiceException } from '../service/exception.ts'

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

export const budgetDocument = document<SavedBudget>({
  keys: BUDGET_KEY,
  version: 1,
  check: shape<SavedBudget>({
    ...{ usd: number, webhook: maybe(text), said: list(oneOf('actual', 'forecast')) },
  }),
})

interface BudgetOptions extends AlertOptions {
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly meters: RecordingMeters
  /** Where it is said that the budget cannot be watched; nowhere if absent. */
  readonly problems?: Problems
  /** Why a webhook would not be called by this server. */
  readonly targetRefusal: Outbound['refusalOf']
}

/** A limit in USD that is kept with the data and watched; each alert is said once. */
export function openBudget(options: BudgetOptions) {
  const { metadata, clock, meters, targetRefusal, problems } = options
  const alerts = openBudgetAlerts(options)
  const spent = (at: number) => receipt(meters.usage(at), US_EAST_1)
  const saved = async () => (await budgetDocument.get(metadata, BUDGET_KEY))?.value
  let [cancel, isSoon]: [Cancel, boolean] = [() => undefined, false]
  const period = createPeriods(clock)

  /** Of several processes one says it: the one whose commit says that it was said. */
  async function check(): Promise<void> {
    const { after, until } = period()
    const now = spent(until)
    const budget = await saved()
    if (!budget || alertsOf(now, budget.usd).join() === budget.said.join()) return
    const news = await budgetDocument.update<(() => void)[]>(metadata, BUDGET_KEY, (current) => {
      if (!current) return { value: undefined, result: [] }
      const { usd, webhook } = current
      const said = alertsOf(now, usd)
      const unsaid = said.filter((alert) => !current.said.includes(alert))
      const say = (alert: BudgetAlert) =>
        alerts.say(firstFigures({ alert, usd, after, until, spent }), webhook)
      const result = unsaid.map((alert) => () => say(alert))
      return { value: { ...current, said }, result }
    })
    for (const say of news) say()
  }
  const checking = inBackground(problems, {
    where: 'the budget',
    meanwhile: 'nobody is told what it says',
    work: check,
  })
  const checkAt = (time: number) => {
    // Of a long move it says afterwards what it would have said each hour.
    cancel = clock.lookAt(time, async () => {
      isSoon = false
      checkAt(clock.now() + PERIOD_MS)
      await checking.run()
    })
  }
  checkAt(clock.now() + PERIOD_MS)

  const set: BudgetPort['set'] = async ({ usd, webhook }) => {
    const refusal =
      typeof webhook === 'string' ? (webhookRefusal(webhook) ?? (await targetRefusal(webhook))) : undefined
    if (refusal !== undefined) throw new ServiceException('BadRequest', refusal)
    await budgetDocument.update<void>(metadata, BUDGET_KEY, (current) => {
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
      return { usd, webhook, ...alertingOf(spent(clock.now()), usd) }
    },
    async close(): Promise<void> {
      cancel()
      await checking.close()
      await alerts.close()
    },
  }
}

export type Budget = ReturnType<typeof openBudget>

const alertingOf = ({ total, ifLeftRunningForAMonth }: Receipt, usd: number | null) => ({
  ...{ total, ifLeftRunningForAMonth },
  alerts: usd === null ? [] : alertsOf({ total, ifLeftRunningForAMonth }, usd),
})

/** What is between one call and the next, ms since 1970. */
function createPeriods(clock: Pick<Clock, 'now'>) {
  let until = clock.now()
  return () => {
    const after = until
    until = clock.now()
    return { after, until }
  }
}

interface Unsaid extends Pick<Alert, 'alert' | 'usd'> {
  readonly after: number
  readonly until: number
  readonly spent: (at: number) => Receipt
}

/** An alert's figures at the first whole hour after `after` at which it was so; at `until` if it was not before. */
function firstFigures({ alert, usd, after, until, spent }: Unsaid): Alert {
  let [low, high] = [1, Math.max(1, Math.ceil((until - after) / PERIOD_MS))]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (alertsOf(spent(after + middle * PERIOD_MS), usd).includes(alert)) high = middle
    else low = middle + 1
  }
  const at = Math.min(until, after + low * PERIOD_MS)
  return { alert, usd, ...spent(at), at }
}

interface AlertOptions {
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
function openBudgetAlerts({ warn, webhook }: AlertOptions) {
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

type BudgetAlert = 'actual' | 'forecast'

/** What AWS Budgets would say of a receipt; `usd` is the budget. */
const alertsOf = (
  { total, ifLeftRunningForAMonth }: Pick<Receipt, 'total' | 'ifLeftRunningForAMonth'>,
  usd: number,
): BudgetAlert[] => [
  ...(total >= usd * ACTUAL_SHARE ? (['actual'] as const) : []),
  ...(ifLeftRunningForAMonth >= usd ? (['forecast'] as const) : []),
]
