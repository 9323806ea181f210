import type { Cancel } from '../../clock/clock.ts'
import { machineTimer, steadyNow } from '../../clock/machine-time.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { createLeases, type Lease } from '../../engine/ports/lease.ts'

export const TELLING_LEASE = 'lease/s3-notifications'

/** Who is gone without a word is waited for so long, by the machine's time. */
const TIME_TO_LIVE_MS = 5_000
const RENEWED_EVERY_MS = TIME_TO_LIVE_MS / 3
const ASKED_EVERY_MS = TIME_TO_LIVE_MS / 4

interface TellingOptions {
  readonly metadata: MetadataStore
  /** Different for every process. */
  readonly owner: string
  /** It may be this process's turn, or it is now: whoever was told that it is not asks again. */
  readonly askAgain: () => void
}

/**
 * Of all who have a store open one tells its events: two would tell everything twice. Who has nothing to tell renews
 * nothing, and loses it to whoever has.
 */
export function createTelling({ metadata, owner, askAgain }: TellingOptions) {
  const leases = createLeases({ metadata, owner, now: steadyNow, timeToLiveMs: TIME_TO_LIVE_MS })
  let held: Lease | undefined
  let renewedAt = 0
  let asking: Promise<boolean> | undefined
  let isOthers = false
  let cancel: Cancel = () => undefined
  const ask = async (): Promise<boolean> => {
    const begun = steadyNow()
    held = (held && (await leases.renew(held))) ?? (await leases.acquire(TELLING_LEASE))
    renewedAt = begun
    cancel()
    const wasOthers = isOthers
    isOthers = held === undefined
    if (isOthers) cancel = machineTimer(ASKED_EVERY_MS, askAgain)
    // One that had something new asked before the others did.
    else if (wasOthers) askAgain()
    return !isOthers
  }
  return {
    async mayTell(): Promise<boolean> {
      if (held && steadyNow() - renewedAt < RENEWED_EVERY_MS) return true
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return await asking
    },
    /** Lets another one tell at once. */
    async close(): Promise<void> {
      cancel()
      // Who asked hears why it failed.
      await asking?.catch(() => undefined)
      cancel()
      if (held) await leases.release(held)
    },
  }
}
