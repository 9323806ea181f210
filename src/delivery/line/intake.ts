import {
  isEngineError,
  type LogEntry,
  type LogId,
  type LogStore,
  type Slice,
} from '../../engine/ports/engine.ts'
import { decodeRecord } from '../../engine/ports/record.ts'
import { awaitsChildren, followShards, type StreamSource } from '../progress/source.ts'
import type { LogPosition } from '../reading/log-range.ts'
import type { Gap } from './counts.ts'

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
  /** Asked before each reading, where a role may stand in the way. */
  readonly mayRead?: (() => Promise<boolean>) | undefined
  /** Where reading begins. */
  readonly positions: readonly LogPosition[]
  /** Takes entries that follow those it took of this log; returns how many. */
  readonly take: (id: LogId, entries: readonly LogEntry[]) => number
  /** Told of a log of which something was gone before it could be read; `gap`: where, unless the whole log is no more. */
  readonly missed: (log: LogId, gap?: Gap) => Promise<void>
  /** Whether something is known to have been where nothing was read: an engine may have forgotten it. */
  readonly expects?: (gap: Gap) => Promise<boolean>
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

/** The logs that are read, and when their stream is to be looked at again. */
interface Reader extends IntakeOptions {
  isRefused: boolean
  sources: Source[]
  recheckAt: number
  recheckDelayMs: number
  lookedAt: number
}

/** Reads logs to their ends, and a stream's shards in the order of their descent. */
export function createIntake(options: IntakeOptions) {
  const { now, streamArn, isFull } = options
  const reader: Reader = {
    ...options,
    isRefused: false,
    sources: options.positions.map(sourceAt),
    recheckAt: streamArn === undefined ? Number.POSITIVE_INFINITY : now(),
    recheckDelayMs: RECHECK_MS.first,
    lookedAt: now(),
  }
  return {
    positions: () => positionsOf(reader),
    /** When the stream is to be looked at again; Infinity: not before something happens to it. */
    recheckAt: () => reader.recheckAt,
    /** Everything that was acknowledged before the call will be read by the next `fill`. */
    expectAll(): void {
      for (const source of reader.sources) source.ready = isReadable(source.position) && !source.gone
      if (streamArn !== undefined) reader.recheckAt = now()
    },
    /** Something came in since the last `fill`, and there is room for it. */
    hasMore: () => !reader.isRefused && !isFull() && reader.sources.some(({ ready }) => ready),
    /** There may be something that it has not read, for whatever reason. */
    isBehind: () => reader.isRefused || reader.sources.some(({ ready }) => ready),
    /** Reads until there is no room, or to the tip of every log, in turns so that none is starved. */
    fill: () => fill(reader),
    /** Asks the engine to say when there is more. */
    await: () => listen(reader),
    /** How far each log was read whose turn it is. */
    lags: () => lagsOf(reader),
  }
}

export type Intake = ReturnType<typeof createIntake>

const positionsOf = ({ sources }: Reader) => sources.map(({ position }) => position)

async function fill(reader: Reader): Promise<void> {
  const { streamArn, mayRead } = reader
  reader.isRefused = streamArn !== undefined && mayRead !== undefined && !(await mayRead())
  if (reader.isRefused) return recheckLater(reader)
  await follow(reader)
  for (let progress = true; progress && !reader.isFull(); ) {
    progress = false
    for (const source of [...reader.sources]) {
      if (reader.isFull()) break
      if (!source.ready) continue
      await readOne(reader, source)
      progress = true
    }
    await follow(reader)
  }
  if (!reader.isFull()) return
  for (const source of reader.sources) if (source.ready && !source.hasMore) await glance(reader, source)
}

/** Keeps up with the stream's shards. */
async function follow(reader: Reader): Promise<void> {
  const { now, streams, streamArn } = reader
  if (streamArn === undefined || now() < Math.min(reader.recheckAt, reader.lookedAt + LOOK_AGAIN_MS)) return
  reader.lookedAt = now()
  const stream = await streams.describe(streamArn)
  if (stream) {
    for (const source of reader.sources)
      if (source.position.group !== stream.group) await sayGone(reader, source)
    const known = new Map(reader.sources.map((source) => [keyOf(source.position), source]))
    reader.sources = followShards(positionsOf(reader), stream).map((position) => {
      const source = known.get(keyOf(position))
      const isAsBefore = source && !source.gone && !source.position.waitsFor
      return isAsBefore ? source : sourceAt(position)
    })
  }
  if (!stream || awaitsChildren(positionsOf(reader))) recheckLater(reader)
  else [reader.recheckAt, reader.recheckDelayMs] = [Number.POSITIVE_INFINITY, RECHECK_MS.first]
}

function recheckLater(reader: Reader): void {
  reader.recheckAt = reader.now() + reader.recheckDelayMs
  reader.recheckDelayMs = Math.min(reader.recheckDelayMs * 2, RECHECK_MS.longest)
}

/** Of a stream that was deleted. */
async function sayGone({ missed }: Reader, source: Source): Promise<void> {
  if (source.hasMore) await missed(logOf(source.position))
  source.hasMore = false
}

/** What there is no room for is looked at all the same: when its stream is deleted it can be said that it was there. */
async function glance(reader: Reader, source: Source): Promise<void> {
  const slice = await read(reader, source, { entries: 1, bytes: 1 })
  if (slice) source.hasMore = slice.entries.length > 0
}

async function readOne(reader: Reader, source: Source): Promise<void> {
  const slice = await read(reader, source)
  if (!slice) return
  const { entries } = slice
  const gap = {
    ...logOf(source.position),
    from: source.position.next,
    to: entries[0]?.position ?? slice.next,
  }
  if (slice.skipped || (await reader.expects?.(gap))) await reader.missed(logOf(source.position), gap)
  const taken = reader.take(logOf(source.position), entries)
  if (taken > 0) source.lastArrival = decodeRecord(entries[taken - 1]!.data).arrivalTime
  const tookAll = taken === entries.length
  source.ready = !(tookAll && (slice.atTip || slice.sealed))
  source.hasMore = source.ready
  source.position = {
    ...source.position,
    next: tookAll ? slice.next : entries[taken]!.position,
    ...(tookAll && slice.sealed && { done: true }),
  }
  if (source.position.done) reader.recheckAt = reader.now()
}

async function read(reader: Reader, source: Source, limits = READ_LIMITS): Promise<Slice | undefined> {
  try {
    return await reader.logs.read(logOf(source.position), source.position.next, limits)
  } catch (error) {
    if (!isEngineError(error, 'NoSuchGroup')) throw error
    await sayGone(reader, source)
    Object.assign(source, { gone: true, ready: false })
    recheckLater(reader)
    return undefined
  }
}

function listen({ sources, logs, signal, wake }: Reader): void {
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
}

const lagsOf = ({ sources, now }: Reader) =>
  sources
    .filter(({ position }) => !position.waitsFor)
    .map(({ position, ready, lastArrival }) => ({
      ...(position.shardId !== '' && { shardId: position.shardId }),
      position: position.next,
      lagMs: ready && lastArrival !== undefined ? Math.max(0, now() - lastArrival) : 0,
    }))

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
