/** A reader that takes nothing for so long is not coming back. */
export const STALLED_MS = 60_000
/** So long a body may take its time. */
export const BODY_GRACE_MS = 20_000
/** What has to arrive of it after that, averaged over all of its time. */
export const BODY_BYTES_PER_SECOND = 1_024

/** An answer on its way. Times are ms of the machine's own time. */
export interface Sending {
  /** Given to the connection and not taken by it. */
  readonly unsentBytes: number
  /** When something was taken last, or the first of these was given. */
  readonly movedAt: number
}

/** Who has nothing to take is not stalled, however long that lasts. */
export const isStalled = ({ unsentBytes, movedAt }: Sending, now: number): boolean =>
  unsentBytes > 0 && now - movedAt >= STALLED_MS

/** A body on its way. Time in which this server did not want it does not count. */
export interface Arriving {
  readonly bytes: number
  /** How long it was waited for until `awaitedSince`; undefined: nobody waits for it now. */
  readonly awaitedMs: number
  readonly awaitedSince: number | undefined
}

export function isTooSlow({ bytes, awaitedMs, awaitedSince }: Arriving, now: number): boolean {
  if (awaitedSince === undefined) return false
  const waitedMs = awaitedMs + now - awaitedSince
  return waitedMs >= BODY_GRACE_MS && bytes * 1_000 < waitedMs * BODY_BYTES_PER_SECOND
}
