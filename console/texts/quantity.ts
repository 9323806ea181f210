/** `1.5 KiB`, as AWS counts sizes. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1_024 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[step]}`
}

export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** `03:12`, `1:02:03`; nothing is negative. */
export function clockText(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / 1_000))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'))
  const hours = Math.floor(seconds / 3_600)
  return (hours > 0 ? `${hours}:` : '') + parts.join(':')
}

/** `41 s`, `5 min`, `2 h`. */
export function durationText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000)
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toFixed(1))} h`
}

/** `2 min ago`, `in 41 s`. */
export const relativeText = (time: number, now: number): string =>
  Math.abs(now - time) < 1_000
    ? 'just now'
    : time < now
      ? `${durationText(now - time)} ago`
      : `in ${durationText(time - now)}`

export const utcText = (time: number): string =>
  new Date(time).toISOString().replace('T', ' ').replace('Z', ' UTC')

/** The time of day, for tables. */
export const timeText = (time: number): string => new Date(time).toISOString().slice(11, 23)

/** A small rate keeps a decimal. */
export const rateText = (perSecond: number): string =>
  perSecond >= 10 || perSecond === 0 ? String(Math.round(perSecond)) : perSecond.toFixed(1)

/** USD as `standpipe cost` writes them: cents from a dollar on, a hundredth of a cent below. */
export const usdText = (usd: number): string =>
  usd > 0 && usd < 0.0001 ? '<$0.0001' : `$${usd.toFixed(usd === 0 || usd >= 1 ? 2 : 4)}`
