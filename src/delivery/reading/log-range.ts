import { flag, list, maybe, number, shape, text } from '../../engine/ports/checks.ts'
import {
  isEngineError,
  type LogEntry,
  type LogId,
  type LogStore,
  type Position,
} from '../../engine/ports/engine.ts'

/** How far one log has been read. */
export interface LogPosition extends LogId {
  /** Empty for a job's own log. */
  readonly shardId: string
  readonly next: Position
  /** The shards that have to be read to their ends before; absent when it is its turn. */
  readonly waitsFor?: readonly string[]
  /** The end of the closed shard was read. */
  readonly done?: boolean
}

/** Reads from here on take everything that is left of a log. */
export const OLDEST: Position = 0

/** Where a record came from: its place in the source's log, and which of that record's parts it is. */
export interface Origin extends LogId {
  readonly position: Position
  readonly part: number
}

/** A piece of one log. */
export interface LogRange extends LogId {
  readonly from: Position
  /** Exclusive. */
  readonly to: Position
  readonly records: number
  /** Of data, before delimiters and compression. */
  readonly bytes: number
  /** When its first and its last record arrived, ms since 1970. */
  readonly firstArrival: number
  readonly lastArrival: number
}

export const logPosition = shape<LogPosition>({
  ...{ group: text, log: text, shardId: text, next: number },
  ...{ waitsFor: maybe(list(text)), done: maybe(flag) },
})
export const originCheck = shape<Origin>({ group: text, log: text, position: number, part: number })

/** For maps whose keys are logs. */
export const logKeyOf = ({ group, log }: LogId) => `${group}\n${log}`

/** What becomes one object: where it lies, never the records themselves. */
export interface Content {
  readonly ranges: readonly LogRange[]
  /** Where the records came from, if not from the logs that they lie in; others may lie between them. */
  readonly origins?: readonly LogRange[]
  /** The last of each source before this content, and at its end. */
  readonly seen?: { readonly before: readonly Origin[]; readonly after: readonly Origin[] }
  /** What was there and is gone from its log before it was in a batch. */
  readonly gone?: readonly LogRange[]
  readonly records: number
  readonly bytes: number
  /** As AWS bills it: each record rounded up to 5 KiB. */
  readonly billedBytes: number
  /** When the first record arrived, ms since 1970; Infinity while empty. */
  readonly oldestArrival: number
}

const BILLING_STEP_BYTES = 5 * 1024
export const billedBytesOf = (bytes: number) => Math.ceil(bytes / BILLING_STEP_BYTES) * BILLING_STEP_BYTES

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
