import { EngineError, type GroupOptions, type Position } from '../ports/engine.ts'

const MiB = 2 ** 20

/** Room for Kinesis's largest record (10 MiB), also in base64 in its error record, and for a request, each with its frame. */
export const LOG_LIMITS = { entryBytes: 15 * MiB, appendBytes: 16 * MiB, entries: Number.POSITIVE_INFINITY }

/** The bytes of an append; throws TooLarge. */
export function appendBytesOf(entries: readonly Uint8Array[]): number {
  let sum = 0
  for (const { length } of entries) {
    if (length > LOG_LIMITS.entryBytes)
      throw new EngineError('TooLarge', `an entry of ${length} bytes is over ${LOG_LIMITS.entryBytes}`)
    sum += length
  }
  if (sum > LOG_LIMITS.appendBytes)
    throw new EngineError('TooLarge', `an append of ${sum} bytes is over ${LOG_LIMITS.appendBytes}`)
  return sum
}

/** A group's or a log's name, if it fits every engine; throws TooLarge. */
export function checkLogName(name: string): string {
  if (Buffer.byteLength(name) > 1024) throw new EngineError('TooLarge', 'a name of more than 1024 bytes')
  return name
}

/** Positions count from here. At this rate they are safe integers until 2089, so that a moved clock gets a slower one. */
const EPOCH_MS = Date.UTC(2020, 0, 1)
const PER_MS = 4096
/** Later there are fewer in a ms, which lasts until the clock ends (clock/time.ts). */
const LATER = { fromMs: Date.UTC(2060, 0, 1) - EPOCH_MS, perMs: 256 }
const LATER_FROM = LATER.fromMs * PER_MS

/** The first position that an entry appended at `time` (ms since 1970) can have. */
export function positionAt(time: number): Position {
  const ms = Math.max(0, Math.ceil(time - EPOCH_MS))
  return ms < LATER.fromMs ? ms * PER_MS : LATER_FROM + (ms - LATER.fromMs) * LATER.perMs
}

/** When an entry of that position was appended, ms since 1970, as far as the position tells. */
export const timeOf = (position: Position): number =>
  position < LATER_FROM
    ? EPOCH_MS + Math.floor(position / PER_MS)
    : EPOCH_MS + LATER.fromMs + Math.floor((position - LATER_FROM) / LATER.perMs)

/**
 * Gives positions, rising whatever the clock does: a timestamp is found by finding its position, and nothing
 * but the last one given needs to be remembered.
 */
export function createPositions(now: () => number, last: Position = 0) {
  return {
    last: (): Position => last,
    /** The first of `count` positions that follow one another. */
    take(count: number): Position {
      const first = Math.max(last + 1, positionAt(now()))
      last = first + count - 1
      return first
    },
  }
}

export type Positions = ReturnType<typeof createPositions>

/** The oldest position that a group may still show. */
export const horizonOf = (now: number, { retentionMs, readableFrom = 0 }: GroupOptions): Position =>
  positionAt(Math.max(now - retentionMs, readableFrom))
