import { EngineError } from '../engine/engine.ts'
import type { Problems } from '../metrics/problems.ts'
import type { Log } from './log.ts'

/** Places that are damaged, of which each is said once. */
const MOST_SAID = 1_000

/**
 * Hears of every error that is no answer. One of the engine's is no bug of ours, and its stack tells nothing: damage
 * is a problem that is said once for each place, however many requests meet it; all else is one line. Of the rest the
 * stack is what is wanted.
 */
export function unexpectedErrors(
  log: Pick<Log, 'error' | 'warn'>,
  problems: Problems,
): (error: unknown) => void {
  const said = new Set<string>()
  return (error) => {
    if (!(error instanceof EngineError))
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
    else if (error.code !== 'Damaged') log.warn(error.message, { code: error.code })
    else if (!said.has(error.message) && said.size < MOST_SAID) {
      const more = said.size === 0 ? '' : ` (damaged places so far: ${said.size + 1})`
      said.add(error.message)
      problems.report({ code: 'Damaged', where: 'data folder', what: `${error.message}${more}` })
    }
  }
}
