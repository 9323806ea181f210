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
  /** What the role does not allow, where that is why the last attempt failed. */
  readonly denial?: string
}

export const UNTRIED: Retry = { failures: 0, retryAt: Number.NEGATIVE_INFINITY }

/** Twice as long until the next attempt each time, five minutes at most. */
export function afterFailure(
  { failures }: Retry,
  error: unknown,
  now: number,
  giveUpAt = 0,
): Retry & { lastError: Failure } {
  const { code = 'InternalError', message, denial } = error as Partial<DestinationError> & Error
  return {
    failures: failures + 1,
    retryAt: now + Math.min(RETRY_MS.first * 2 ** failures, RETRY_MS.longest),
    isBounded: giveUpAt > now,
    lastError: { code, message, at: now },
    ...(denial !== undefined && { denial }),
  }
}

export const afterSuccess = (retry: Retry): Retry => ({ ...retry, ...UNTRIED })

/** Something has changed that may help. */
export const atOnce = (retry: Retry): Retry => ({ ...retry, retryAt: UNTRIED.retryAt })
