import { machineTimer } from '../../clock/machine-time.ts'
import { type EngineProblems, isEngineError } from './engine.ts'

/** What goes on behind the answers' back: nobody waits for it, so that nobody would hear that it failed. */
export interface BackgroundWork {
  /** What a problem says that it is wrong with, of a bounded set: `the expiry of S3's objects`, `stream clicks`. */
  readonly where: string
  /** What is so as long as it fails: `what was deleted from buckets still takes room`. */
  readonly meanwhile: string
  /** Does no harm when it is done again. */
  readonly work: () => Promise<void>
  /** Waits that many ms of machine time before `task`; tests wait for nothing. */
  readonly later?: typeof machineTimer
}

export interface Background {
  /** Resolves when it is done, or has failed; what is asked for while it runs is done behind it, once for all who ask. */
  run(): Promise<void>
  /** Nothing is begun any more; waits for what is under way. */
  close(): Promise<void>
}

/** The code of the problem that says that it fails. */
export const BACKGROUND_FAILED = 'BackgroundFailed'
/** What fails does so for reasons of the machine's, so that it is tried again by the machine's time. */
const WAITS = { firstMs: 1_000, mostMs: 300_000 }

/**
 * The way of all work that nobody waits for. What fails is said to the problems, which count it, and tried again, later
 * and later; when it works again, that is said. Never rejects. A closed engine ends it.
 */
export function inBackground(problems: EngineProblems | undefined, options: BackgroundWork): Background {
  const { where, meanwhile, work, later = machineTimer } = options
  let running: Promise<void> | undefined
  let isAskedAgain = false
  let isClosed = false
  let failures = 0
  let cancelRetry = () => {}

  async function attempt(): Promise<void> {
    cancelRetry()
    try {
      do {
        isAskedAgain = false
        await work()
      } while (isAskedAgain && !isClosed)
      if (failures > 0) problems?.solved(BACKGROUND_FAILED, where)
      failures = 0
    } catch (error) {
      if (isClosed || isEngineError(error, 'Closed')) return
      if (!isForRoom(error)) {
        const what = `${meanwhile}: ${error instanceof Error ? error.message : error}; it is tried again`
        problems?.report({ code: BACKGROUND_FAILED, where, what })
      }
      cancelRetry = later(Math.min(WAITS.firstMs * 2 ** failures, WAITS.mostMs), () => run())
      failures++
    } finally {
      // At once: what is asked for from now on is a run of its own.
      running = undefined
    }
  }
  async function run(): Promise<void> {
    if (isClosed) return
    if (running) isAskedAgain = true
    else running = attempt()
    await running
  }
  return {
    run,
    async close() {
      isClosed = true
      cancelRetry()
      await running
    },
  }
}

/** That a disk is full the engine says, for all that waits for room. */
const isForRoom = (error: unknown): boolean =>
  isEngineError(error, 'StorageFull') ||
  ['ENOSPC', 'EDQUOT'].includes(String((error as { readonly code?: unknown } | undefined)?.code))
