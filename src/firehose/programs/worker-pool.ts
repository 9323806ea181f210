import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Cancel } from '../../clock/clock.ts'
import { machineTimer } from '../../clock/machine-time.ts'
import type { Run } from './programs.ts'
import { type JqWorker, type Ran, startWorker } from './worker.ts'

declare const WebAssembly: { compile(code: Uint8Array): Promise<object> }

/** Threads, and so programs that run at the same time. */
const WORKERS = 2
/** How long a thread is kept that has nothing to do: it holds some 40 MiB. */
const IDLE_MS = 30_000

export interface RunOptions {
  /** What the program may take for one document, machine time. */
  readonly timeMs: number
  /** Ends the run, or its waiting. */
  readonly signal?: AbortSignal
  /** Goes before all that wait. */
  readonly isUrgent?: boolean
}

/** Threads that run jq, started when they are needed, and those who wait for one. */
export function createWorkerPool() {
  const idle = new Map<JqWorker, Cancel>()
  const { turn, next, isAwaited } = createQueue()
  const closing = new AbortController()
  let compiled: Promise<object> | undefined

  async function start(): Promise<JqWorker> {
    compiled ??= readFile(createRequire(import.meta.url).resolve('jq-web/jq.wasm')).then(WebAssembly.compile)
    return startWorker(await compiled)
  }

  function takeIdle(): JqWorker | undefined {
    for (const [worker, cancel] of idle) {
      cancel()
      idle.delete(worker)
      if (worker.isUsable()) return worker
    }
    return undefined
  }

  function giveBack(worker: JqWorker): void {
    if (!worker.isUsable()) return
    const end = async () => {
      idle.delete(worker)
      await worker.close()
    }
    // To end a thread cannot fail.
    if (closing.signal.aborted) void end()
    else idle.set(worker, machineTimer(IDLE_MS, end))
  }

  return {
    /** Rejects with the reason of a signal that aborts, and when no thread can be started. */
    async run(run: Run, { timeMs, signal = closing.signal, isUrgent = false }: RunOptions): Promise<Ran> {
      closing.signal.throwIfAborted()
      await turn(signal, isUrgent)
      try {
        const worker = takeIdle() ?? (await start())
        try {
          return await worker.run(run, { timeMs, isAwaited, signal })
        } finally {
          giveBack(worker)
        }
      } finally {
        next()
      }
    },
    /** What runs ends by its own signal, or else by this. */
    async close(): Promise<void> {
      closing.abort(new Error('The server is closing'))
      const workers = [...idle.keys()]
      for (const cancel of idle.values()) cancel()
      idle.clear()
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
}

/** Those who wait for a thread, the urgent ones before all others. */
function createQueue() {
  const waiting: (() => void)[] = []
  let busy = 0

  async function turn(signal: AbortSignal, isUrgent: boolean): Promise<void> {
    signal.throwIfAborted()
    if (busy < WORKERS) {
      busy++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (isUrgent) waiting.unshift(resolve)
    else waiting.push(resolve)
    const leave = () => {
      const at = waiting.indexOf(resolve)
      if (at >= 0) waiting.splice(at, 1)
      if (at >= 0) reject(signal.reason)
    }
    signal.addEventListener('abort', leave)
    await promise.finally(() => signal.removeEventListener('abort', leave))
  }
  function next(): void {
    const first = waiting.shift()
    if (first) first()
    else busy--
  }

  return { turn, next, isAwaited: () => waiting.length > 0 }
}
