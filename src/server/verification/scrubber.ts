import { soon } from '../../clock/machine-time.ts'
import { type Engine, isEngineError } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'
import { type Pass, type Progress, progressDocument, SCRUBBED_KEY } from '../documents/scrubbed.ts'
import { BEGINNING, verifyStep } from './verify.ts'

/** A restart reads at most so much again. */
const SAVE_EVERY_BYTES = 64 * 2 ** 20
/** A server that has just started has other things to do. */
const FIRST_MS = 600_000

export interface ScrubberOptions {
  readonly engine: Engine
  readonly problems: Problems
  /** The machine's time: a virtual clock that is moved must not start a storm. */
  readonly machineNow: () => number
  readonly onError: (error: unknown) => void
  /** Waits that many ms of machine time before `task`; tests wait for nothing. */
  readonly later?: typeof soon
}

/** Reads everything that lies on disk once in 30 days, slowly, so that damage is said before somebody needs what it hit. */
export function startScrubber(options: ScrubberOptions) {
  const { engine, problems, machineNow, onError, later = soon } = options
  let progress: Progress | undefined
  let unsavedBytes = 0
  let waiting = later(FIRST_MS, run)
  let running: Promise<void> | undefined
  let isClosed = false

  async function save(value: Progress): Promise<void> {
    await engine.metadata.commit([{ put: SCRUBBED_KEY, value }])
    unsavedBytes = 0
  }

  /** One step; the pause behind it, ms. */
  async function step(): Promise<number> {
    const now = machineNow()
    const last = progress ?? (await progressDocument.get(engine.metadata, SCRUBBED_KEY))?.value
    const isNew = !last || isNextDue(last, now)
    const pass: Progress = isNew
      ? { place: BEGINNING, beganAt: now, bytes: 0, lastBytes: last?.bytes ?? 0, isOver: false }
      : last
    progress = pass
    if (pass.isOver) return pauseMs(pass, 0, now)
    const { next, bytes } = await verifyStep(engine, problems, pass.place)
    progress = { ...pass, bytes: pass.bytes + bytes, place: next ?? pass.place, isOver: !next }
    unsavedBytes += bytes
    if (progress.isOver || unsavedBytes >= SAVE_EVERY_BYTES) await save(progress)
    return pauseMs(progress, bytes, machineNow())
  }

  function run(): void {
    running = step()
      .catch((error) => {
        if (!isEngineError(error, 'Closed')) onError(error)
        return FIRST_MS
      })
      .then((pause) => {
        if (isClosed) return
        waiting = later(pause, run)
        waiting.ask()
      })
  }

  waiting.ask()
  return {
    /** Waits for the step that is under way. */
    async close(): Promise<void> {
      isClosed = true
      waiting.stop()
      await running
    },
  }
}

const DAY_MS = 24 * 3_600_000
/** Everything is read once in so long. */
export const PASS_MS = 30 * DAY_MS
/** What is planned for is shorter: the folder may have grown. */
const PLANNED_MS = 25 * DAY_MS
const RATES = { least: 128 * 1024, most: 8 * 2 ** 20 }
/** A step that is a long way off is looked at again: the machine may have slept. */
const LONGEST_PAUSE_MS = 3_600_000

/** How many ms to wait at `now` before more is read, after a step of `stepBytes`. */
export function pauseMs({ beganAt, lastBytes, isOver }: Pass, stepBytes: number, now: number): number {
  const rate = Math.min(RATES.most, Math.max(RATES.least, lastBytes / (PLANNED_MS / 1000)))
  const pause = isOver ? beganAt + PASS_MS - now : (stepBytes / rate) * 1000
  return Math.min(LONGEST_PAUSE_MS, Math.max(1, Math.ceil(pause)))
}

/** Whether a pass that is over makes room for the next. */
export const isNextDue = ({ beganAt, isOver }: Pass, now: number): boolean =>
  isOver && now >= beganAt + PASS_MS
