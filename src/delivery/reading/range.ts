import { isEngineError, type LogEntry, type LogStore } from '../../engine/engine.ts'
import type { LogRange } from '../line/buffer.ts'

const READ_LIMITS = { entries: 1000, bytes: 2 ** 20 }

/** What there is of a piece of a log, in pieces that fit into memory; nothing of a log that was deleted. */
export async function* readRange(
  logs: LogStore,
  range: Pick<LogRange, 'group' | 'log' | 'from' | 'to'>,
): AsyncGenerator<readonly LogEntry[]> {
  for (let from = range.from; from < range.to; ) {
    const slice = await logs.read(range, from, READ_LIMITS).catch((error: unknown) => {
      if (isEngineError(error, 'NoSuchGroup')) return undefined
      throw error
    })
    if (!slice) return
    const entries = slice.entries.filter(({ position }) => position < range.to)
    if (entries.length > 0) yield entries
    // What is left out because it is damaged may have been all that was read.
    if (slice.atTip || slice.next <= from) return
    from = slice.next
  }
}
