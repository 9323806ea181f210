import { setImmediate as nextTurn } from 'node:timers/promises'
import { EngineError, isEngineError } from '../../ports/engine.ts'
import type { NewBlock } from './frame.ts'
import type { Log } from './log-state.ts'

const MOST_QUEUED_BYTES = 64 * 2 ** 20
const MOST_COMMIT_BYTES = 8 * 2 ** 20

/** One append on its way to the disk. */
export interface Commit {
  readonly log: Log
  readonly block: NewBlock
  readonly bytes: number
}
interface Waiting extends Commit {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface CommitQueueOptions {
  /** Refuses a group before anything of it was written; the next may be luckier. */
  readonly admit: (bytes: number) => Promise<EngineError | undefined>
  /** Resolves when the group is durable. StorageFull refuses the group alone; what else it throws stops the queue. */
  readonly write: (group: readonly Commit[]) => Promise<void>
}

/**
 * Group commit: while one group is written, the next one gathers. A disk that fails stops the queue for good: a restart
 * reads from it what is really there. One that is full refuses what was to be written, and the next may be luckier.
 */
export function createCommitQueue({ admit, write }: CommitQueueOptions) {
  let waiting: Waiting[] = []
  let queuedBytes = 0
  let failure: EngineError | undefined
  let running: Promise<void> | undefined

  const takeGroup = (): Waiting[] => {
    let bytes = waiting[0]!.bytes
    let count = 1
    while (count < waiting.length && bytes + waiting[count]!.bytes <= MOST_COMMIT_BYTES)
      bytes += waiting[count++]!.bytes
    queuedBytes -= bytes
    return waiting.splice(0, count)
  }
  const stop = (error: unknown) => {
    failure ??= asStopped(error)
    for (const { reject } of waiting) reject(failure)
    waiting = []
    queuedBytes = 0
  }
  const run = async () => {
    // What the rest of this turn of the event loop appends joins the first group.
    await nextTurn()
    while (waiting.length > 0) {
      const group = takeGroup()
      const bytes = group.reduce((sum, commit) => sum + commit.bytes, 0)
      try {
        const refusal = bytes > 0 ? await admit(bytes) : undefined
        // Seals go on, as what gives room back begins with one.
        const isRefused = ({ block }: Commit) => refusal !== undefined && block.kind !== 'seal'
        const admitted = group.filter((one) => !isRefused(one))
        if (admitted.length > 0) await write(admitted)
        for (const one of group) isRefused(one) ? one.reject(refusal) : one.resolve()
      } catch (error) {
        const isFull = isEngineError(error, 'StorageFull')
        if (!isFull) stop(error)
        for (const { reject } of group) reject(isFull ? error : failure)
      }
    }
    running = undefined
  }

  return {
    push(commit: Commit): Promise<void> {
      if (failure) return Promise.reject(failure)
      if (queuedBytes > 0 && queuedBytes + commit.bytes > MOST_QUEUED_BYTES)
        return Promise.reject(new EngineError('Overloaded', 'more is appended than the disk can take'))
      queuedBytes += commit.bytes
      return new Promise((resolve, reject) => {
        waiting.push({ ...commit, resolve, reject })
        running ??= run()
      })
    },
    /** Why nothing more is written. */
    failure: (): EngineError | undefined => failure,
    stop,
    async drain(): Promise<void> {
      await running
    },
  }
}

export type CommitQueue = ReturnType<typeof createCommitQueue>

function asStopped(error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error)
  return new EngineError('StorageFull', `the log stopped and needs a restart: ${reason}`)
}
