import { Worker } from 'node:worker_threads'
import { clear, countAnswers, createAnswerMemory, readAnswers } from './answer-memory.ts'
import type { Run, RunEnd, ThreadData } from './run.ts'
import { type Watch, watchOver } from './watch.ts'

/** The same file, as source or built. */
const THREAD = new URL(`./jq-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
/** Of JavaScript's heap in the thread, where a run's input lies and nothing of the program's. */
const MAX_OWN_HEAP_MB = 512

export interface Ran {
  /** Those that are whole, of documents in their order. */
  readonly answers: readonly string[]
  /** `time`: the document after the last answer took too long. `yielded`: it is others' turn. */
  readonly kind: RunEnd['kind'] | 'time' | 'yielded'
  readonly reason: string
}

/** A thread that runs jq, one run at a time; it keeps the process alive only while it runs. */
export function startJqWorker(wasm: object) {
  const answers = createAnswerMemory()
  const workerData: ThreadData = { wasm, answers }
  const worker = new Worker(THREAD, {
    workerData,
    name: 'jq',
    ...{ execArgv: [], env: {}, stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: MAX_OWN_HEAP_MB },
  })
  let isUsable = true
  let settle: (message: RunEnd | 'ready') => void = () => undefined
  const nextMessage = () =>
    new Promise<RunEnd | 'ready'>((resolve) => {
      settle = resolve
    })
  const ready = nextMessage()
  const died = (reason: string) => {
    isUsable = false
    settle({ kind: 'crashed', reason, isWorn: true })
  }
  worker.on('message', (message: RunEnd | 'ready') => settle(message))
  worker.on('error', (error) => died(String(error)))
  worker.on('exit', () => died('the thread ended'))
  worker.unref()

  async function close(): Promise<void> {
    isUsable = false
    await worker.terminate()
  }

  async function supervised(run: Run, watch: Watch): Promise<Ran> {
    const end = nextMessage()
    const watching = watchOver(() => countAnswers(answers), watch)
    try {
      if (isUsable) worker.postMessage(run, [run.input.buffer])
      else died('the thread ended')
      const first = await Promise.race([end, watching.verdict])
      if (first === 'time' || first === 'yielded') {
        await close()
        return { answers: readAnswers(answers), kind: first, reason: '' }
      }
      const { kind, reason, isWorn } = first as RunEnd
      if (isWorn) await close()
      return { answers: readAnswers(answers), kind, reason }
    } catch (error) {
      await close()
      throw error
    } finally {
      watching.stop()
    }
  }

  return {
    /** Whether another run can begin. */
    isUsable: () => isUsable,
    /** Rejects with the signal's reason when that aborts, and when the thread cannot start. */
    async run(run: Run, watch: Watch): Promise<Ran> {
      worker.ref()
      try {
        const start = await ready
        if (start !== 'ready') throw new Error(`jq cannot be run: ${start.reason}`)
        clear(answers)
        return await supervised(run, watch)
      } finally {
        worker.unref()
      }
    },
    close,
  }
}

export type JqWorker = ReturnType<typeof startJqWorker>
