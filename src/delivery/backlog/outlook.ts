const HOUR_MS = 3_600_000

/** What a stream's retention means for the oldest record of it that is not delivered. Times are ms since 1970. */
export interface Outlook {
  readonly oldestArrival: number
  readonly retentionMs: number
}

/** No stream keeps its records for a shorter time, so that nobody need look before. */
export const SHORTEST_RETENTION_MS = 24 * HOUR_MS

/** When the first record is lost unless it is delivered. */
export const lostAt = ({ oldestArrival, retentionMs }: Outlook): number => oldestArrival + retentionMs

/** From when on that is said: a quarter of the retention before, or six hours where that is more. */
export const warnAt = ({ oldestArrival, retentionMs }: Outlook): number =>
  oldestArrival + retentionMs - Math.max(retentionMs / 4, 6 * HOUR_MS)

/** Why a delivery does not go on. */
export interface Standstill {
  /** ms since 1970. */
  readonly since: number
  readonly error: { readonly code: string; readonly message: string }
  /** What the role does not allow, where that is why. */
  readonly denial?: string
}

/** The same for some time, so that it is not logged each time it is looked at. */
export function outlookText(outlook: Outlook, standstill: Standstill | undefined, now: number): string {
  const leftMs = lostAt(outlook) - now
  const first =
    leftMs > 0
      ? `the first record would be lost in about ${roughly(leftMs)}`
      : 'records are being lost that nobody has delivered'
  const why = standstill ? standstillText(standstill) : 'its stream is not read, or not fast enough'
  return `${first} (the stream's retention is ${roughly(outlook.retentionMs)}; ${why}): a longer retention keeps them`
}

export const standstillText = ({ since, error }: Standstill): string =>
  `the destination has failed since ${new Date(since).toISOString()}: ${error.code}, ${error.message}`

/** Rounded down, so that nobody relies on time that is not there. */
export function roughly(durationMs: number): string {
  const hours = Math.floor(durationMs / HOUR_MS)
  if (hours === 0) return 'less than an hour'
  if (hours <= 48) return hours === 1 ? 'an hour' : `${hours} hours`
  return `${Math.floor(hours / 24)} days`
}
