import type { DestinationError } from '../destination.ts'
import type { Failure } from '../lineage/manifest.ts'

const RETRY_MS = { first: 1000, longest: 300_000 }

/** What is known of attempts that fail. */
export interface Retry {
  /** Since the last success. */
  readonly failures: number
  /** Not before, ms since 1970. */
  readonly retryAt: number
  /** It ends at a time that is to come: until then every attempt is made, and told. */
  readonly isBounded?: boolean
  readonly lastError?: Failure
  /** Another's attempts stand for it: it is woken when one of its own is worth while. */
  readonly isWithheld?: true
  /** Something has changed: the next attempt is made whatever others say. */
  readonly isEager?: true
  /** What the role does not allow, where that is why the last attempt failed. */
  readonly denial?: string
}

export const UNTRIED: Retry = { failures: 0, retryAt: Number.NEGATIVE_INFINITY }

/** After so many failures before: twice as long each time, five minutes at most. */
export const retryDelayMs = (failures: number): number =>
  Math.min(RETRY_MS.first * 2 ** failures, RETRY_MS.longest)

export function afterFailure(
  { failures }: Retry,
  error: unknown,
  now: number,
  giveUpAt = 0,
): Retry & { lastError: Failure } {
  return {
    failures: failures + 1,
    retryAt: now + retryDelayMs(failures),
    isBounded: giveUpAt > now,
    ...told(error, now),
  }
}

function told(error: unknown, at: number): Pick<Retry, 'denial'> & { lastError: Failure } {
  const { code = 'InternalError', message, denial } = error as Partial<DestinationError> & Error
  return { lastError: { code, message, at }, ...(denial !== undefined && { denial }) }
}

/** The other's attempt counts as one of its own, if it has made none. */
export const withheld = ({ failures }: Retry, error: Error, now: number, retryAt: number): Retry => ({
  ...{ failures: Math.max(1, failures), retryAt, isWithheld: true },
  ...told(error, now),
})

export const afterSuccess = ({ isWithheld: _, isEager: __, ...retry }: Retry): Retry => ({
  ...retry,
  ...UNTRIED,
})

/** Something has changed that may help. */
export const atOnce = ({ isWithheld: _, ...retry }: Retry): Retry => ({
  ...retry,
  retryAt: UNTRIED.retryAt,
  isEager: true,
})
