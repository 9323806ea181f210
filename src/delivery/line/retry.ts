import type { Failure } from '../lineage/manifest.ts'

const RETRY_MS = { first: 1000, longest: 300_000 }

/** When to try again after failures: twice as long each time, five minutes at most. */
export function createRetry(now: () => number) {
  let failures = 0
  let retryAt = Number.NEGATIVE_INFINITY
  let lastError: Failure | undefined
  return {
    /** Since the last success. */
    failures: () => failures,
    retryAt: () => retryAt,
    isDue: () => now() >= retryAt,
    lastError: () => lastError,
    failed(error: unknown): Failure {
      const { code = 'InternalError', message } = error as { code?: string; message: string }
      lastError = { code, message, at: now() }
      retryAt = now() + Math.min(RETRY_MS.first * 2 ** failures++, RETRY_MS.longest)
      return lastError
    },
    /** Something has changed that may help. */
    again(): void {
      retryAt = Number.NEGATIVE_INFINITY
    },
    succeeded(): void {
      failures = 0
      retryAt = Number.NEGATIVE_INFINITY
    },
  }
}

export type Retry = ReturnType<typeof createRetry>
