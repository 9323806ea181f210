/** `20260102T030405Z` as ms since 1970; undefined for what is no such time. */
export function parseBasicTime(text: string): number | undefined {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined
  const part = (from: number, to: number) => Number(text.slice(from, to))
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)]
  const [hour, minute, second] = [part(9, 11), part(11, 13), part(13, 15)]
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  // What is beyond its minute, hour, month or year would be another time.
  const isWithin = year > 99 && month <= 12 && hour < 24 && minute < 60 && second < 60
  return isWithin && new Date(time).getUTCDate() === day ? time : undefined
}

/** ms since 1970 as `20260102T030405Z`. */
export const basicTime = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')

/** ms since 1970 as `2026-01-02T03:04:05Z`. */
export const isoSecond = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
