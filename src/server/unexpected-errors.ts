import { EngineError } from '../engine/engine.ts'
import type { Log } from './log.ts'

/** Places that are damaged, of which each is said once. */
const MOST_SAID = 1_000

/**
 * Hears of every error that is no answer. One of the engine's is no bug of ours, and its stack tells nothing: it is one
 * line, and for a place that is damaged only the first time, however many requests meet it (the engine has said it to
 * the problems). Of the rest the stack is what is wanted.
 */
export function unexpectedErrors(log: Pick<Log, 'error' | 'warn'>): (error: unknown) => void {
  const said = new Set<string>()
  return (error) => {
    if (!(error instanceof EngineError))
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    else {
      const { code, message } = error
      if (code === 'Damaged' && (said.has(message) || said.size >= MOST_SAID)) return
      if (code === 'Damaged') said.add(message)
      log.warn(message, { code })
    }
  }
}
