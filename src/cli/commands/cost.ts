import type { CostLine, Receipt } from '../../metrics/cost.ts'
import { UsageError } from '../../server/config.ts'
import { ask } from '../client.ts'
import { CLIENT_SETTINGS, command, EXIT } from '../command.ts'
import { columns, usdText } from '../terminal-text.ts'

/** From this share of the budget on, a warning. */
const WARN_AT = 0.8

export const cost = command({
  name: 'cost',
  args: '',
  doc: 'what this would have cost on AWS, by meter (an estimate from list prices)',
  settings: CLIENT_SETTINGS,
  flags: { 'fail-over': { value: 'USD', doc: 'exit 1 when it is more; warns from 80 % on' } },
  async run({ server, flags, json, out, err }) {
    const budget = budgetOf(flags['fail-over'])
    const receipt = await ask<Receipt>(server, 'api/cost')
    if (json) out(JSON.stringify(receipt))
    else for (const line of receiptLines(receipt)) out(line)
    if (budget === undefined) return undefined
    const { total, ifLeftRunningForAMonth } = receipt
    if (total > budget) {
      err(`standpipe cost: ${usdText(total)} is over the budget of ${usdText(budget)}`)
      return EXIT.failure
    }
    if (total >= budget * WARN_AT)
      err(`standpipe cost: ${usdText(total)} is ${Math.round((total / budget) * 100)} % of the budget`)
    else if (ifLeftRunningForAMonth > budget)
      err(`standpipe cost: left running for a month it is over the budget of ${usdText(budget)}`)
    return undefined
  },
})

function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const budget = Number(text)
  if (!(budget >= 0) || text === '') throw new UsageError(`--fail-over cannot be '${text}': it takes USD`)
  return budget
}

/** A receipt as lines to read. */
export function receiptLines(receipt: Receipt): string[] {
  const { lines, total, running, runningPerHour, ifLeftRunningForAMonth, rounding, asOf, notes } = receipt
  const [oldest, newest] = [asOf[0]?.slice(0, 7), asOf.at(-1)?.slice(0, 7)]
  const prices = oldest === newest ? oldest : `${oldest} to ${newest}`
  return [
    ...columns([...lines.map(rowOf), ['Total', '', '', usdText(total)]]),
    ...(running.length > 0
      ? [
          `Still running: ${running.map(({ label, quantity }) => `${label} × ${quantity}`).join(', ')}; ` +
            `${usdText(runningPerHour)} an hour, ${usdText(ifLeftRunningForAMonth)} if left for a month.`,
        ]
      : []),
    ...notes,
    ...(rounding && rounding.waste >= 0.0001 ? [`That rounding alone is ${usdText(rounding.waste)}.`] : []),
    ...(prices ? [`Prices: ${receipt.region}, ${receipt.currency}, as of ${prices}.`] : []),
  ]
}

const rowOf = ({ label, quantity, unit, price, cost }: CostLine) => [
  label,
  `${quantity >= 100 ? Math.round(quantity) : Number(quantity.toPrecision(3))} ${unit}`,
  `at $${price}`,
  usdText(cost),
]
