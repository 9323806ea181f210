import type { Clock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/engine.ts'
import { listWanted } from '../engine/list-wanted.ts'
import { update } from '../engine/update.ts'
import { streamNotFound } from './exceptions.ts'
import { isOpen } from './shard.ts'
import { createShardRouter, type ShardRouter } from './shard-router.ts'
import { type Stream, statusOf } from './stream.ts'
import { groupOf, keyOf, refOf, STREAM_KEYS, type StreamRef } from './stream-ref.ts'

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
  find(ref: StreamRef): Promise<FoundStream | undefined>
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
  // Loads, not values: one that a change overtakes is dropped before it is done. Another gateway's change may be
  // seen late; the engine then refuses what is no longer right (a sealed log, a dropped group).
  const loads = new Map<string, Promise<FoundStream | undefined>>()
  metadata.watch(STREAM_KEYS, (key) => loads.delete(key), signal)

  const load = async (key: string) => {
    let found: FoundStream | undefined
    try {
      const document = await metadata.get<Stream>(key)
      found = document && foundStream(refOf(key), document.value)
    } finally {
      if (!found) loads.delete(key)
    }
    return found
  }
  const cached = (key: string) => {
    const loading = loads.get(key) ?? load(key)
    loads.set(key, loading)
    if (loads.size > MAX_CACHED) loads.delete(loads.keys().next().value!)
    return loading
  }
  const exists = (stream: Stream) => statusOf(stream, clock.now()) !== undefined
  const finishing = new Map<string, Promise<void>>()
  /** However many ask at once, it is finished once; afterwards it is loaded anew. */
  const finished = async (ref: StreamRef, sealed?: string) => {
    const key = `${keyOf(ref)}/${sealed ?? ''}`
    const under = finishing.get(key) ?? finish(ref, sealed).finally(() => finishing.delete(key))
    finishing.set(key, under)
    await under
    loads.delete(keyOf(ref))
    return await cached(keyOf(ref))
  }
  const isDue = ({ resharding, passing }: Stream) =>
    resharding !== undefined && passing !== undefined && clock.now() >= passing.endsAt
  const find = async (ref: StreamRef) => {
    const held = await cached(keyOf(ref))
    const found = held && isDue(held.stream) ? await finished(ref) : held
    return found && exists(found.stream) ? found : undefined
  }
  const orRefuse = (ref: StreamRef, found: FoundStream | undefined) => {
    if (!found || !exists(found.stream)) throw streamNotFound(ref)
    return found
  }

  return {
    find,
    get: async (ref) => orRefuse(ref, await find(ref)),
    async afterSeal(ref, shardId) {
      const isClosed = (found: FoundStream) =>
        found.stream.shards.every((shard) => shard.shardId !== shardId || !isOpen(shard))
      const held = orRefuse(ref, await find(ref))
      if (isClosed(held)) return held
      // Kept at hand for too long, or else its resharding has begun.
      loads.delete(keyOf(ref))
      const found = orRefuse(ref, await find(ref))
      return isClosed(found) ? found : orRefuse(ref, await finished(ref, shardId))
    },
    change: (ref, change) =>
      update<Stream, Stream>(metadata, keyOf(ref), (current) => {
        if (!current || !exists(current)) throw streamNotFound(ref)
        const value = change(current)
        return { value, result: value }
      }),
    async list(scope, after, limit = Number.POSITIVE_INFINITY) {
      const prefix = keyOf({ ...scope, streamName: '' })
      const range = { prefix, after: prefix + (after ?? ''), limit }
      const found = await listWanted<Stream>(metadata, range, ({ value }) => exists(value))
      return found.map(({ key, value }) => ({ ref: refOf(key), stream: value }))
    },
  }
}

const foundStream = (ref: StreamRef, stream: Stream): FoundStream => ({
  ref,
  stream,
  group: groupOf(ref, stream.creationId),
  route: createShardRouter(stream.shards),
})
