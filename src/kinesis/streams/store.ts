import type { Clock } from '../../clock/clock.ts'
import type { MetadataStore, Position } from '../../engine/ports/engine.ts'
import { streamNotFound } from '../exceptions/streams.ts'
import { sequenceNumberFormat } from '../shards/sequence-number.ts'
import {
  createShardRouter,
  isOpen,
  parentsOf,
  type ShardRouter,
  sequenceNumbersOf,
  shardIdOf,
} from '../shards/shard.ts'
import { groupOf, keyOf, parseStreamArn, refOf, STREAM_KEYS, type StreamRef } from '../stream-ref.ts'
import { nextExpiryOf, retentionMsOf, type Stream, statusOf, streamDocument, unexpired } from './stream.ts'

/** A stream that exists: its deletion, if there is one, is not over. */
export interface ListedStream {
  readonly ref: StreamRef
  readonly stream: Stream
}

export interface FoundStream extends ListedStream {
  /** The engine's group that holds its shards' logs. */
  readonly group: string
  readonly route: ShardRouter
}

export interface StreamStore {
  /** Without the shards that have expired, as all that follows. */
  find(ref: StreamRef): Promise<FoundStream | undefined>
  /** With those of them that are not given back yet. */
  findWhole(ref: StreamRef): Promise<FoundStream | undefined>
  /** Rejects with ResourceNotFoundException. */
  get(ref: StreamRef): Promise<FoundStream>
  /** The stream after the shard was closed, whose log was found sealed; rejects like `get`. */
  afterSeal(ref: StreamRef, shardId: string): Promise<FoundStream>
  /** Commits what the pure `change` makes of it; rejects like `get`, or with what `change` throws. */
  change(ref: StreamRef, change: (stream: Stream) => Stream): Promise<Stream>
  /** Those of an account and region in the order of their names, after `after`; all of them without `limit`. */
  list(scope: Omit<StreamRef, 'streamName'>, after?: string, limit?: number): Promise<ListedStream[]>
}

/** Streams whose documents are kept at hand. */
const MAX_CACHED = 1_000

export function createStreamStore(
  metadata: MetadataStore,
  clock: Pick<Clock, 'now'>,
  signal: AbortSignal,
  finish: (ref: StreamRef, sealed?: string) => Promise<void>,
): StreamStore {
  const held = holdStreams(metadata, signal)
  const exists = (stream: Stream) => statusOf(stream, clock.now()) !== undefined
  const finishing = new Map<string, Promise<void>>()
  /** However many ask at once, it is finished once; afterwards it is loaded anew. */
  const finished = async (ref: StreamRef, sealed?: string) => {
    const key = `${keyOf(ref)}/${sealed ?? ''}`
    const under = finishing.get(key) ?? finish(ref, sealed).finally(() => finishing.delete(key))
    finishing.set(key, under)
    await under
    held.forget(ref)
    return await held.get(ref)
  }
  const isDue = ({ resharding, passing }: Stream) =>
    resharding !== undefined && passing !== undefined && clock.now() >= passing.endsAt
  const findWhole = async (ref: StreamRef) => {
    const present = await held.get(ref)
    const found = present && isDue(present.stream) ? await finished(ref) : present
    return found && exists(found.stream) ? found : undefined
  }
  const find = async (ref: StreamRef) => {
    const found = await findWhole(ref)
    return found && withoutExpired(found, clock.now())
  }
  const orRefuse = <F extends FoundStream>(ref: StreamRef, found: F | undefined): F => {
    if (!found || !exists(found.stream)) throw streamNotFound(ref)
    return found
  }

  return {
    find,
    findWhole,
    get: async (ref) => orRefuse(ref, await find(ref)),
    async afterSeal(ref, shardId) {
      const isClosed = (found: FoundStream) =>
        found.stream.shards.every((shard) => shard.shardId !== shardId || !isOpen(shard))
      const present = orRefuse(ref, await find(ref))
      if (isClosed(present)) return present
      // Kept at hand for too long, or else its resharding has begun.
      held.forget(ref)
      const found = orRefuse(ref, await find(ref))
      if (isClosed(found)) return found
      return withoutExpired(orRefuse(ref, await finished(ref, shardId)), clock.now())
    },
    change: (ref, change) =>
      streamDocument.update<Stream>(metadata, keyOf(ref), (current) => {
        if (!current || !exists(current)) throw streamNotFound(ref)
        const value = change(current)
        return { value, result: value }
      }),
    list: (scope, after = '', limit = Number.POSITIVE_INFINITY) =>
      listStreams(metadata, exists, { prefix: keyOf({ ...scope, streamName: '' }), after, limit }),
  }
}

function withoutExpired(found: Held, now: number): FoundStream {
  if (now < found.nextExpiry) return found
  const stream = unexpired(found.stream, now)
  return stream === found.stream ? found : { ...found, stream }
}

/** A stream at hand. Puts look it up one by one: when anything of it expires is worked out once. */
interface Held extends FoundStream {
  readonly nextExpiry: number
}

/** The streams that were asked for last, kept at hand until their documents change. */
function holdStreams(metadata: MetadataStore, signal: AbortSignal) {
  // Loads, not values: one that a change overtakes is dropped before it is done. Another gateway's change may be
  // seen late; the engine then refuses what is no longer right (a sealed log, a dropped group).
  const loads = new Map<string, Promise<Held | undefined>>()
  metadata.watch(STREAM_KEYS, (key) => loads.delete(key), signal)
  const load = async (key: string) => {
    let found: Held | undefined
    try {
      const document = await streamDocument.find(metadata, key)
      found = document && foundStream(refOf(key), document.value)
    } finally {
      if (!found) loads.delete(key)
    }
    return found
  }
  return {
    get(ref: StreamRef): Promise<Held | undefined> {
      const key = keyOf(ref)
      const loading = loads.get(key) ?? load(key)
      loads.set(key, loading)
      if (loads.size > MAX_CACHED) loads.delete(loads.keys().next().value!)
      return loading
    },
    forget: (ref: StreamRef) => loads.delete(keyOf(ref)),
  }
}

async function listStreams(
  metadata: MetadataStore,
  exists: (stream: Stream) => boolean,
  { prefix, after, limit }: { readonly prefix: string; readonly after: string; readonly limit: number },
): Promise<ListedStream[]> {
  const range = { prefix, after: prefix + after, limit }
  const found = await streamDocument.listWanted(metadata, range, ({ value }) => exists(value))
  return found.map(({ key, value }) => ({ ref: refOf(key), stream: value }))
}

const foundStream = (ref: StreamRef, stream: Stream): Held => ({
  ref,
  stream,
  group: groupOf(ref, stream.creationId),
  route: createShardRouter(stream.shards),
  nextExpiry: nextExpiryOf(stream),
})

/** Where the records of one shard are. */
interface SourceShard {
  readonly shardId: string
  /** The engine's log in the stream's group. */
  readonly log: string
  readonly parentShardIds: string[]
  readonly closed: boolean
  /** Of the record at a position that arrived at a time, ms since 1970. */
  sequenceNumberOf(position: Position, arrivalTime: number): string
}

/** For those who read streams from the engine without a request. */
export interface StreamSource {
  /**
   * Undefined when there is no such stream. Its expired shards are there until they are given back, so that whoever is
   * far behind can say what it has missed.
   */
  describe(streamArn: string): Promise<SourceStream | undefined>
}

export interface SourceStream {
  readonly streamName: string
  readonly group: string
  readonly retentionMs: number
  readonly shards: readonly SourceShard[]
  /** Shards that were given back: what their records were called can still be told. */
  readonly former: readonly Pick<SourceShard, 'shardId' | 'log' | 'sequenceNumberOf'>[]
}

export const streamSourceOf = ({ streams }: { readonly streams: StreamStore }): StreamSource => ({
  async describe(streamArn) {
    const ref = parseStreamArn(streamArn)
    if (!ref) return undefined
    const found = await streams.findWhole(ref)
    return found && sourceOf(ref, found.stream)
  },
})

export const sourceOf = (ref: StreamRef, stream: Stream): SourceStream => ({
  streamName: ref.streamName,
  group: groupOf(ref, stream.creationId),
  retentionMs: retentionMsOf(stream),
  shards: stream.shards.map((shard) => ({
    shardId: shard.shardId,
    log: shard.shardId,
    parentShardIds: parentsOf(shard),
    closed: !isOpen(shard),
    sequenceNumberOf: sequenceNumbersOf(shard),
  })),
  former: (stream.former ?? []).map((named) => ({
    shardId: shardIdOf(named.shardIndex),
    log: shardIdOf(named.shardIndex),
    sequenceNumberOf: (position, arrivalTime) =>
      sequenceNumberFormat(named)(position, Math.floor(arrivalTime / 1_000)),
  })),
})
