export { sizeText as bytesText } from '../metrics/size.ts'

const TIME_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** The two largest units: `1h 30m`, `4m 59s`, `250ms`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)}ms`
  let rest = Math.round(durationMs / 1_000) * 1_000
  const parts = TIME_UNITS.flatMap(([unit, unitMs]) => {
    const count = Math.floor(rest / unitMs)
    rest -= count * unitMs
    return count > 0 ? [`${count}${unit}`] : []
  })
  return parts.slice(0, 2).join(' ')
}

/** `1 record`, `2 records`. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** USD: cents from a dollar on, a hundredth of a cent below. */
export function usdText(usd: number): string {
  if (usd > 0 && usd < 0.0001) return '<$0.0001'
  return `$${usd.toFixed(usd === 0 || usd >= 1 ? 2 : 4)}`
}

/** How a server's clock relates to the machine's. */
export function clockText({ mode, offsetMs }: { mode: 'real' | 'manual'; offsetMs: number }): string {
  if (mode === 'manual') return 'manual: stands still until it is moved'
  return offsetMs > 0 ? `real, ${durationText(offsetMs)} ahead` : 'real'
}

/** Rows as lines, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** In open mode policies are kept and shown, and hold nobody. */
export const policiesText = (count: number, areEnforced: boolean): string =>
  `${count} ${count === 1 ? 'policy' : 'policies'}, ${areEnforced ? 'enforced' : 'not enforced: open'}`
