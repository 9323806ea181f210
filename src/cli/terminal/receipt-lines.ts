import type { CostLine, Receipt } from '../../metrics/cost.ts'
import { columns } from './columns.ts'
import { usdText } from './quantity.ts'

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
