const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `5m`, `+90s`, `1h30m`, `250ms`, or a number of milliseconds → milliseconds; undefined when it is none of these. */
export function parseDuration(text: string | number): number | undefined {
  const durationMs = typeof text === 'number' ? text : sumOf(text.trim())
  return durationMs >= 0 ? durationMs : undefined
}

/** NaN: it is no duration. */
function sumOf(text: string): number {
  const parts = [...text.matchAll(/\+?(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return Number.NaN
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0)
}
