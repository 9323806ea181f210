import { idleTimeout, pause } from '../clock/machine-time.ts'
import type { Outbound } from './outbound.ts'

export interface WebhookOptions {
  readonly outbound: Outbound
  /** Of one attempt, machine time. */
  readonly timeoutMs?: number
  /** Between two attempts, machine time: there is one attempt more than there are waits. */
  readonly waitsMs?: readonly number[]
}

/** Why this can be no webhook; undefined when it can. */
export function webhookRefusal(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url) return `webhook is a URL, which '${text}' is not.`
  if (!/^https?:$/.test(url.protocol)) return `webhook is a URL of http or https, not of ${url.protocol}`
  return url.username || url.password ? 'webhook takes no user and password in its URL.' : undefined
}

/**
 * POSTs JSON, again where there was no answer or one that asks for it (429, 5xx); redirects are not followed. Rejects with
 * an Error whose message says of the URL no more than its origin, since the rest may be a secret.
 */
export const createWebhook =
  ({ timeoutMs = 5_000, waitsMs = [1_000, 5_000], outbound }: WebhookOptions) =>
  async (url: string, body: object, signal: AbortSignal): Promise<void> => {
    const { origin } = new URL(url)
    for (let attempt = 1; ; attempt++) {
      const failure = await attemptOnce({ outbound, url, body, timeoutMs }, signal)
      if (failure === undefined) return
      const waitMs = failure.isFinal ? undefined : waitsMs[attempt - 1]
      if (waitMs === undefined || signal.aborted)
        throw new Error(`${origin} ${failure.reason}${waitsMs.length > 0 ? ` (attempt ${attempt})` : ''}`)
      // The loop looks at the signal itself.
      await pause(waitMs, signal).catch(() => undefined)
    }
  }

export type Webhook = ReturnType<typeof createWebhook>

interface Failure {
  readonly reason: string
  /** Asking again would not help. */
  readonly isFinal: boolean
}

interface Attempt {
  readonly outbound: Outbound
  readonly url: string
  readonly body: object
  readonly timeoutMs: number
}

async function attemptOnce(
  { outbound, url, body, timeoutMs }: Attempt,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const timeout = idleTimeout(timeoutMs)
  timeout.restart()
  try {
    const answer = await outbound.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'standpipe' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, timeout.signal]),
    })
    await answer.body?.cancel()
    const { ok, status } = answer
    return ok ? undefined : { reason: `answered ${status}`, isFinal: status !== 429 && status < 500 }
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error & { code?: string } }
    return { reason: `did not answer: ${cause?.message || cause?.code || message}`, isFinal: false }
  } finally {
    timeout.stop()
  }
}
