import { Worker } from 'node:worker_threads'
import type { Cancel } from '../../clock/clock.ts'
import { machineTimer } from '../../clock/machine-time.ts'
import { clear, countAnswers, createAnswerMemory, readAnswers } from './answer-memory.ts'
import type { Flaw, Run, RunEnd, Said, ThreadData } from './programs.ts'

/** The same file, as source or built. */
const THREAD = new URL(`./jq/thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
/** Of JavaScript's heap in the thread, where documents are looked at and nothing of the program is. */
const MAX_OWN_HEAP_MB = 1024

export interface Ran {
  /** Of each document; absent where the thread ended before it had looked at them. */
  readonly flaws?: readonly (Flaw | undefined)[]
  /** Those that are whole, of the documents without a flaw in their order. */
  readonly answers: readonly string[]
  /** `time`: the document after the last answer took too long. `yielded`: it is others' turn. */
  readonly kind: RunEnd['kind'] | 'time' | 'yielded'
  readonly reason: string
}

/** A thread that runs jq, one run at a time; it keeps the process alive only while it runs. */
export function startWorker(wasm: object) {
  const answers = createAnswerMemory()
  const worker = startThread({ wasm, answers })
  const ready = Promise.withResolvers<void>()
  let isUsable = true
  let current: { looked(flaws: NonNullable<Ran['flaws']>): void; ended(end: RunEnd): void } | undefined
  const died = (reason: string) => {
    isUsable = false
    ready.reject(new Error(`jq cannot be run: ${reason}`))
    current?.ended({ kind: 'crashed', reason, isWorn: true })
  }
  worker.on('message', (said: Said) => {
    if (said === 'ready') ready.resolve()
    else if ('flaws' in said) current?.looked(said.flaws)
    else current?.ended(said)
  })
  worker.on('error', (error) => died(String(error)))
  worker.on('exit', () => died('the thread ended'))
  worker.unref()
  // Whoever runs something hears of it.
  ready.promise.catch(() => undefined)

  async function close(): Promise<void> {
    isUsable = false
    await worker.terminate()
  }

  async function supervised(run: Run, watch: Watch): Promise<Ran> {
    const { promise, resolve } = Promise.withResolvers<RunEnd>()
    const watching = watchOver(() => countAnswers(answers), watch)
    let flaws: Ran['flaws']
    current = {
      looked(found) {
        flaws = found
        watching.start()
      },
      ended: resolve,
    }
    try {
      if (isUsable) worker.postMessage(run, [run.data.buffer])
      else died('the thread ended')
      const end = await Promise.race([promise, watching.verdict])
      const { kind, reason, isWorn } = typeof end === 'object' ? end : { kind: end, reason: '', isWorn: true }
      if (isWorn) await close()
      return { ...(flaws && { flaws }), answers: readAnswers(answers), kind, reason }
    } catch (error) {
      await close()
      throw error
    } finally {
      watching.stop()
      current = undefined
    }
  }

  return {
    /** Whether another run can begin. */
    isUsable: () => isUsable,
    /** Rejects with the signal's reason when that aborts, and when the thread cannot start. */
    async run(run: Run, watch: Watch): Promise<Ran> {
      worker.ref()
      try {
        await ready.promise
        clear(answers)
        return await supervised(run, watch)
      } finally {
        worker.unref()
      }
    },
    close,
  }
}

export type JqWorker = ReturnType<typeof startWorker>

const startThread = (workerData: ThreadData): Worker =>
  new Worker(THREAD, {
    workerData,
    name: 'jq',
    ...{ execArgv: [], env: {}, stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: MAX_OWN_HEAP_MB },
  })

/** How often a run is looked at. Time counts in such pieces: a process that stood still has lost but one. */
const LOOK_MS = 50
/** How long a run goes on while others wait. */
const TURN_MS = 1000

interface Watch {
  /** What a program may take for one document, machine time. */
  readonly timeMs: number
  /** Whether others wait. */
  readonly isAwaited: () => boolean
  readonly signal: AbortSignal
}

/** Looks at a run by its count of answers. The verdict rejects with the signal's reason when that aborts. */
function watchOver(answered: () => number, { timeMs, isAwaited, signal }: Watch) {
  let cancel: Cancel = () => undefined
  let [before, turnMs, documentMs] = [0, 0, 0]
  const { promise, resolve, reject } = Promise.withResolvers<'time' | 'yielded'>()
  const aborted = () => reject(signal.reason)

  function look(): void {
    const count = answered()
    turnMs += LOOK_MS
    documentMs = count > before ? 0 : documentMs + LOOK_MS
    before = count
    if (documentMs >= timeMs) resolve('time')
    else if (count > 0 && turnMs >= TURN_MS && isAwaited()) resolve('yielded')
    else cancel = machineTimer(LOOK_MS, look)
  }

  if (signal.aborted) aborted()
  signal.addEventListener('abort', aborted)
  // Whoever stopped listening does not hear of it.
  promise.catch(() => undefined)
  return {
    verdict: promise,
    /** From now on time counts. */
    start(): void {
      cancel = machineTimer(LOOK_MS, look)
    },
    stop(): void {
      cancel()
      signal.removeEventListener('abort', aborted)
    },
  }
}
