import type { Cancel, MovableClock } from '../../clock/clock.ts'
import { type Engine, isEngineError } from '../../engine/ports/engine.ts'
import { msUntilFull, type RoomSample, withSample } from '../../metrics/forecast.ts'
import type { Problems } from '../../metrics/problems.ts'

const SAMPLE_EVERY_MS = 300_000
/** Said when it fills up within the first, until it does not within the second any more. */
const WARNED_MS = 24 * 3_600_000
const SOLVED_MS = 36 * 3_600_000

const PROBLEM = { code: 'FillsUp', where: 'data folder' } as const

export interface FillOptions {
  readonly engine: Pick<Engine, 'space'>
  readonly clock: Pick<MovableClock, 'now' | 'lookAt' | 'offsetMs' | 'mode'>
  readonly problems: Problems
  /** Done with each sample. */
  readonly alsoThen: () => Promise<void>
  readonly onError: (error: unknown) => void
}

/** Looks at the room there is every five minutes, and says when it will be filled before long. */
export function watchFilling({ engine, clock, problems, alsoThen, onError }: FillOptions) {
  let samples: readonly RoomSample[] = []
  let isClosed = false
  let cancel: Cancel = () => {}
  let sampling: Promise<void> | undefined
  // Disks fill in the machine's time; one whose clock stands still has none but its own.
  const time = () => (clock.mode === 'manual' ? clock.now() : clock.now() - clock.offsetMs())

  const sample = async () => {
    const { roomBytes } = await engine.space()
    samples = withSample(samples, { at: time(), roomBytes }, SAMPLE_EVERY_MS / 2)
    const untilMs = msUntilFull(samples)
    if (untilMs !== undefined && untilMs < WARNED_MS)
      problems.report({
        ...PROBLEM,
        what: `the disk will be full in about ${hoursText(untilMs)}: then writes are refused`,
      })
    else if (untilMs === undefined || untilMs > SOLVED_MS) problems.solved(PROBLEM.code, PROBLEM.where)
    await alsoThen()
  }
  const sampleNow = async () => {
    sampling = sample().catch((error) => {
      if (!isEngineError(error, 'Closed')) onError(error)
    })
    await sampling
    later()
  }
  const later = () => {
    if (!isClosed) cancel = clock.lookAt(clock.now() + SAMPLE_EVERY_MS, sampleNow)
  }
  sampling = sample().catch(onError)
  later()
  return {
    msUntilFull: (): number | undefined => msUntilFull(samples),
    async close(): Promise<void> {
      isClosed = true
      cancel()
      await sampling
    },
  }
}

/** In steps that do not make another line of the log every five minutes. */
const hoursText = (ms: number): string => {
  const hours = Math.max(1, Math.round(ms / 3_600_000))
  return hours === 1 ? 'an hour' : `${hours} hours`
}
