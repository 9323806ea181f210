import type { Quantities, Usage } from './create-meters.ts'
import type { Price, PriceBook } from './prices.ts'

/** AWS's month in its price examples. */
const MONTH_HOURS = 730
const GB = 2 ** 30

export interface CostLine {
  readonly label: string
  readonly sku?: string
  /** In the price's unit. */
  readonly quantity: number
  readonly unit: string
  /** USD. */
  readonly price: number
  readonly cost: number
  /** The price's date. */
  readonly asOf: string
}

/** What AWS would charge, in USD. */
export interface Receipt {
  readonly region: string
  readonly currency: 'USD'
  /** In each meter's own unit. */
  readonly used: Quantities
  readonly lines: readonly CostLine[]
  readonly total: number
  /** What costs while it merely exists, per hour. */
  readonly running: readonly CostLine[]
  readonly runningPerHour: number
  /** The total so far and a month of what runs. */
  readonly ifLeftRunningForAMonth: number
  /** Firehose bills each record in steps of 5 KB. Absent when nothing was ingested. */
  readonly rounding?: { readonly sentGb: number; readonly billedGb: number; readonly waste: number }
  /** The dates of the prices above, oldest first. */
  readonly asOf: readonly string[]
  readonly notes: readonly string[]
}

/** Below this much waste in USD the rounding is not worth a line. */
const NOTEWORTHY = 0.0001

const NOTES = ['An estimate from list prices: without free tier, tax, data transfer, S3 storage or KMS.']

/** A receipt per meter, the running meter apart. */
export function receipt({ used, running }: Pick<Usage, 'used' | 'running'>, book: PriceBook): Receipt {
  const lines = linesOf(used, book.prices)
  const perHour = linesOf(running, book.prices)
  const total = sumOf(lines)
  const runningPerHour = sumOf(perHour)
  const rounding = roundingOf(used, book.prices)
  return {
    region: book.region,
    currency: book.currency,
    used,
    lines,
    total,
    running: perHour,
    runningPerHour,
    ifLeftRunningForAMonth: total + runningPerHour * MONTH_HOURS,
    ...(rounding && { rounding }),
    asOf: [...new Set([...lines, ...perHour].map(({ asOf }) => asOf))].sort(),
    notes: rounding && rounding.waste >= NOTEWORTHY ? [roundingNote(rounding), ...NOTES] : NOTES,
  }
}

/** The use between two readings, for the receipt of one run. */
export function usedBetween(before: Quantities, after: Quantities): Quantities {
  const meters = Object.keys(after) as (keyof Quantities)[]
  return Object.fromEntries(meters.map((meter) => [meter, (after[meter] ?? 0) - (before[meter] ?? 0)]))
}

function linesOf(quantities: Quantities, prices: readonly Price[]): CostLine[] {
  return prices.flatMap(({ meter, per, label, sku, unit, price, asOf, from = 0, upTo = Infinity }) => {
    const quantity = Math.min((quantities[meter] ?? 0) / per, upTo) - from
    return quantity > 0
      ? [{ label, ...(sku && { sku }), quantity, unit, price, cost: quantity * price, asOf }]
      : []
  })
}

function roundingOf(used: Quantities, prices: readonly Price[]): Receipt['rounding'] {
  const billed = used['firehose-ingested-bytes'] ?? 0
  const sent = used['firehose-ingested-bytes-before-rounding'] ?? 0
  if (billed === 0) return undefined
  const ingest = (bytes: number) => sumOf(linesOf({ 'firehose-ingested-bytes': bytes }, prices))
  return { sentGb: sent / GB, billedGb: billed / GB, waste: ingest(billed) - ingest(sent) }
}

const roundingNote = ({ sentGb, billedGb }: NonNullable<Receipt['rounding']>) =>
  `Firehose rounds each record up to a multiple of 5 KB: ${sentGb.toPrecision(3)} GB sent are billed as ${billedGb.toPrecision(3)} GB.`

const sumOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { cost }) => sum + cost, 0)
