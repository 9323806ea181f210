import { isEngineError, type LogEntry, type LogId, type LogStore, type Slice } from '../../engine/engine.ts'
import { decodeRecord } from '../../engine/record.ts'
import { awaitsChildren, followShards, type StreamSource } from '../progress/source.ts'
import type { LogPosition } from '../reading/log-range.ts'

const READ_LIMITS = { entries: 1000, bytes: 256 * 1024 }
/** How soon a stream is looked at again whose shards have closed, or that is not there; then twice as long each time. */
const RECHECK_MS = { first: 1000, longest: 60_000 }
/** How often at most it is looked at while shards are not read to their ends, so that none comes and expires unseen. */
const LOOK_AGAIN_MS = 3_600_000

export interface IntakeOptions {
  readonly logs: LogStore
  readonly now: () => number
  readonly streams: StreamSource
  /** Absent: logs that never end, of the job's own. */
  readonly streamArn?: string | undefined
  /** Where reading begins. */
  readonly positions: readonly LogPosition[]
  /** Takes entries that follow those it took of this log; returns how many. */
  readonly take: (id: LogId, entries: readonly LogEntry[]) => number
  /** Told of a log of which something was gone before it could be read. */
  readonly missed: (log: LogId) => Promise<void>
  /** There is no room for more. */
  readonly isFull: () => boolean
  /** Called when there may be something to read. */
  readonly wake: () => void
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

interface Source {
  position: LogPosition
  /** Something may be there to read. */
  ready: boolean
  waiting: boolean
  /** The log is not there, because its stream was deleted. */
  gone: boolean
  /** Something is known to lie behind what was read last. */
  hasMore: boolean
  /** When the last record read had arrived; undefined before the first. */
  lastArrival?: number
}

/** Reads logs to their ends, and a stream's shards in the order of their descent. */
export function createIntake(options: IntakeOptions) {
  const { logs, now, streams, streamArn, take, missed, isFull, wake, signal } = options
  let sources = options.positions.map(sourceAt)
  let recheckAt = streamArn === undefined ? Number.POSITIVE_INFINITY : now()
  let recheckDelayMs = RECHECK_MS.first
  let lookedAt = now()

  const positions = () => sources.map(({ position }) => position)

  /** Keeps up with the stream's shards. */
  async function follow(): Promise<void> {
    if (streamArn === undefined || now() < Math.min(recheckAt, lookedAt + LOOK_AGAIN_MS)) return
    lookedAt = now()
    const stream = await streams.describe(streamArn)
    if (stream) {
      for (const source of sources) if (source.position.group !== stream.group) await sayGone(source)
      const known = new Map(sources.map((source) => [keyOf(source.position), source]))
      sources = followShards(positions(), stream).map((position) => {
        const source = known.get(keyOf(position))
        const isAsBefore = source && !source.gone && !source.position.waitsFor
        return isAsBefore ? source : sourceAt(position)
      })
    }
    if (!stream || awaitsChildren(positions())) recheckLater()
    else [recheckAt, recheckDelayMs] = [Number.POSITIVE_INFINITY, RECHECK_MS.first]
  }

  function recheckLater(): void {
    recheckAt = now() + recheckDelayMs
    recheckDelayMs = Math.min(recheckDelayMs * 2, RECHECK_MS.longest)
  }

  /** Of a stream that was deleted. */
  async function sayGone(source: Source): Promise<void> {
    if (source.hasMore) await missed(logOf(source.position))
    source.hasMore = false
  }

  /** What there is no room for is looked at all the same: when its stream is deleted it can be said that it was there. */
  async function glance(source: Source): Promise<void> {
    const slice = await read(source, { entries: 1, bytes: 1 })
    if (slice) source.hasMore = slice.entries.length > 0
  }

  async function readOne(source: Source): Promise<void> {
    const slice = await read(source)
    if (!slice) return
    const { entries } = slice
    if (slice.skipped) await missed(logOf(source.position))
    const taken = take(logOf(source.position), entries)
    if (taken > 0) source.lastArrival = decodeRecord(entries[taken - 1]!.data).arrivalTime
    const tookAll = taken === entries.length
    source.ready = !(tookAll && (slice.atTip || slice.sealed))
    source.hasMore = source.ready
    source.position = {
      ...source.position,
      next: tookAll ? slice.next : entries[taken]!.position,
      ...(tookAll && slice.sealed && { done: true }),
    }
    if (source.position.done) recheckAt = now()
  }

  async function read(source: Source, limits = READ_LIMITS): Promise<Slice | undefined> {
    try {
      return await logs.read(logOf(source.position), source.position.next, limits)
    } catch (error) {
      if (!isEngineError(error, 'NoSuchGroup')) throw error
      await sayGone(source)
      Object.assign(source, { gone: true, ready: false })
      recheckLater()
      return undefined
    }
  }

  return {
    positions,
    /** When the stream is to be looked at again; Infinity: not before something happens to it. */
    recheckAt: () => recheckAt,
    /** Everything that was acknowledged before the call will be read by the next `fill`. */
    expectAll(): void {
      for (const source of sources) source.ready = isReadable(source.position) && !source.gone
      if (streamArn !== undefined) recheckAt = now()
    },
    /** Something came in since the last `fill`, and there is room for it. */
    hasMore: () => !isFull() && sources.some(({ ready }) => ready),
    /** Reads until there is no room, or to the tip of every log, in turns so that none is starved. */
    async fill(): Promise<void> {
      await follow()
      for (let progress = true; progress && !isFull(); ) {
        progress = false
        for (const source of [...sources]) {
          if (isFull()) break
          if (!source.ready) continue
          await readOne(source)
          progress = true
        }
        await follow()
      }
      if (isFull()) for (const source of sources) if (source.ready && !source.hasMore) await glance(source)
    },
    /** Asks the engine to say when there is more. */
    await(): void {
      for (const source of sources) {
        if (source.ready || source.waiting || source.gone || !isReadable(source.position)) continue
        source.waiting = true
        const awoken = () => {
          source.waiting = false
          source.ready = true
          if (!signal.aborted) wake()
        }
        logs.wait(logOf(source.position), source.position.next, signal).then(awoken, awoken)
      }
    },
    /** How far each log was read whose turn it is. */
    lags: () =>
      sources
        .filter(({ position }) => !position.waitsFor)
        .map(({ position, ready, lastArrival }) => ({
          ...(position.shardId !== '' && { shardId: position.shardId }),
          position: position.next,
          lagMs: ready && lastArrival !== undefined ? Math.max(0, now() - lastArrival) : 0,
        })),
  }
}

export type Intake = ReturnType<typeof createIntake>

const sourceAt = (position: LogPosition): Source => ({
  position,
  ready: isReadable(position),
  waiting: false,
  gone: false,
  hasMore: false,
})
const isReadable = ({ done, waitsFor }: LogPosition) => !done && !waitsFor
const logOf = ({ group, log }: LogPosition) => ({ group, log })
const keyOf = ({ group, shardId }: LogPosition) => `${group}/${shardId}`
