import type { Cancel, MovableClock } from '../../clock/clock.ts'
import { number, shape } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, MetadataStore } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'

export const SEEN_KEY = 'standpipe/seen'

/** How late it has been in this data folder: states, timestamps and deadlines of that time have been given out. */
interface SeenTime {
  /** ms since 1970 of the server's clock. */
  readonly at: number
}

export const seenDocument = document<SeenTime>({
  keys: SEEN_KEY,
  version: 1,
  check: shape<SeenTime>({ at: number }),
})

/** Remembers how late it is now. */
export async function seenChange(metadata: MetadataStore, now: number): Promise<Change> {
  const before = await seenDocument.get(metadata, SEEN_KEY)
  return { put: SEEN_KEY, value: { at: Math.max(now, before?.value.at ?? 0) } satisfies SeenTime }
}

/** The clock is no earlier than it has been, however the machine's time was set meanwhile. */
export async function resumeTime(metadata: MetadataStore, clock: MovableClock): Promise<void> {
  const seen = await seenDocument.get(metadata, SEEN_KEY)
  if (seen) clock.notBefore(seen.value.at)
}

const LOOK_EVERY_MS = 60_000

interface Watched {
  readonly clock: MovableClock
  readonly problems: Problems
  /** Grows with what happens without a call. */
  readonly changes: () => number
  readonly save: () => Promise<void>
}

/** From now on what happens without a call is remembered, too, and that the machine's time was set back is said. */
export function watchTime({ clock, problems, changes, save }: Watched): Cancel {
  let cancel: Cancel
  let saved = changes()
  const tell = createTelling(clock, problems)
  const wait = () => {
    cancel = clock.lookAt(clock.now() + LOOK_EVERY_MS, look)
  }
  const look = async () => {
    wait()
    tell()
    if (changes() === saved) return
    saved = changes()
    await save()
  }
  tell()
  wait()
  return () => cancel()
}

/** Less is a correction as every machine's time has them. */
const WORTH_SAYING_MS = 1000

function createTelling(clock: MovableClock, problems: Problems): () => void {
  let most = 0
  let what = ''
  return () => {
    const aheadMs = clock.setBackMs()
    if (aheadMs < WORTH_SAYING_MS) {
      most = 0
      return problems.solved('ClockSetBack', 'clock')
    }
    // The same words as long as it only grows less: the log has it once.
    if (aheadMs > most) what = setBackText(clock.now(), aheadMs)
    most = Math.max(most, aheadMs)
    problems.report({ code: 'ClockSetBack', where: 'clock', what })
  }
}

const setBackText = (now: number, aheadMs: number): string =>
  `the machine's time was set back by ${Math.ceil(aheadMs / 1000)} s to a time that was over here: the clock goes on from ${new Date(now).toISOString()}, and a tenth slower until both agree; set the machine's time right, or choose another --data, which begins with it`
