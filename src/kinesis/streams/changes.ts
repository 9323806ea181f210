import type { Clock } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import { isEngineError, type LogStore } from '../../engine/ports/engine.ts'
import type { Meters } from '../../metrics/meters.ts'
import type { Problems } from '../../metrics/problems.ts'
import { forgetSubscriptions } from '../consumers/subscription.ts'
import { streamExists, streamNotActive } from '../exceptions/streams.ts'
import { arnOf, groupOf, keyOf, refOf, STREAM_KEYS, type StreamRef, streamWhere } from '../stream-ref.ts'
import { meterStream, SHARD_LEVEL_METRICS, type ShardLevelMetric } from '../usage.ts'
import { type Expiring, scheduleExpiry } from './expiry.ts'
import { nextStep, parentsOfStep, takeStep } from './resharding.ts'
import { type SourceStream, type StreamStore, sourceOf } from './store.ts'
import {
  deleteStream,
  openShardsOf,
  retentionMsOf,
  type Stream,
  statusOf,
  streamDocument,
  updating,
} from './stream.ts'

/** What changes of streams work with. */
export interface Changing extends Upkeep {
  readonly streams: StreamStore
  /** How long a stream is UPDATING, in ms of clock time. */
  readonly stateDelayMs: number
}

/**
 * Changes a stream that is ACTIVE, which is UPDATING for a while then; it is not when `change` returns the very stream
 * it was given. Rejects with ResourceNotFoundException, ResourceInUseException, or what `change` throws.
 */
export async function updateStream(
  ports: Changing,
  ref: StreamRef,
  change: (stream: Stream, now: number) => Stream,
): Promise<Stream> {
  const { streams, clock, stateDelayMs, meters } = ports
  // What is due is done first: the document would else call the stream UPDATING for longer than it is.
  await streams.get(ref)
  const stream = await streams.change(ref, (current) => {
    const now = Math.floor(clock.now())
    const status = statusOf(current, now)
    if (status !== 'ACTIVE') throw streamNotActive(ref, String(status))
    const changed = change(current, now)
    return changed === current ? current : updating(changed, now + stateDelayMs)
  })
  meterStream(meters, ref, stream)
  await scheduleResharding(ports, ref, stream)
  // A shorter retention is over sooner.
  scheduleExpiry(ports, ref, stream)
  return stream
}

/** Keeps the metrics that `isWanted`, given whether a metric is enabled now and whether the request named it. */
export async function changeShardLevelMetrics(
  ports: Changing,
  ref: StreamRef,
  isWanted: (isPresent: boolean, isNamed: boolean) => boolean,
  named: readonly (ShardLevelMetric | 'ALL')[],
) {
  const isNamed = (metric: ShardLevelMetric) => named.includes(metric) || named.includes('ALL')
  let before: readonly ShardLevelMetric[] = []
  const { shardLevelMetrics } = await updateStream(ports, ref, (stream) => {
    before = stream.shardLevelMetrics
    const after = SHARD_LEVEL_METRICS.filter((metric) => isWanted(before.includes(metric), isNamed(metric)))
    return after.length === before.length ? stream : { ...stream, shardLevelMetrics: after }
  })
  return {
    StreamName: ref.streamName,
    CurrentShardLevelMetrics: [...before],
    DesiredShardLevelMetrics: [...shardLevelMetrics],
    StreamARN: arnOf(ref),
  }
}

/** What keeps streams as their documents say: with it nothing of a stream's course depends on a request. */
export interface Upkeep extends Expiring {
  readonly logs: LogStore
  readonly clock: Clock
  readonly meters: Meters
  /** Where it is said what fails behind the answers' back; nowhere if absent. */
  readonly problems?: Problems | undefined
  /** Told before a stream's records are dropped, of which there will be no more; nobody has to be if absent. */
  readonly beforeDrop?: ((streamArn: string, stream: SourceStream) => Promise<void>) | undefined
}

/** Makes the stream exist, with room for its records; rejects with ResourceInUseException when the name is taken. */
export async function openStream(ports: Upkeep, ref: StreamRef, stream: Stream): Promise<void> {
  const { logs, metadata, meters, clock } = ports
  const before = await streamDocument.get(metadata, keyOf(ref))
  if (before && statusOf(before.value, clock.now()) === undefined)
    await finishDeletion(ports, ref, before.value)
  else if (before) throw streamExists(ref)
  // The document first: after a crash in between the next start makes the room.
  await streamDocument.update<void>(metadata, keyOf(ref), (current) => {
    if (current) throw streamExists(ref)
    return { value: stream, result: undefined }
  })
  meterStream(meters, ref, stream)
  try {
    await keepFor(ports, ref, stream)
  } catch (error) {
    await finishDeletion(ports, ref, stream)
    meterStream(meters, ref, deleteStream(stream, clock.now()))
    throw error
  }
  // Whoever deleted it meanwhile may have found no room to drop yet.
  const after = await streamDocument.get(metadata, keyOf(ref))
  if (after?.value.creationId !== stream.creationId) await logs.dropGroup(groupOf(ref, stream.creationId))
}

/** Has the records dropped when the clock says that the stream is gone. Harmless when it is done twice. */
export function scheduleDeletion(ports: Upkeep, ref: StreamRef, stream: Stream): void {
  if (stream.passing?.status !== 'DELETING') return
  const { run } = inBackground(ports.problems, {
    where: `the deletion of ${streamWhere(ref)}`,
    meanwhile: 'its records still take room',
    work: () => finishDeletion(ports, ref, stream),
  })
  ports.clock.at(stream.passing.endsAt, run)
}

/** The records first: as long as the document is there, the next start knows what is left to do. */
async function finishDeletion(ports: Upkeep, ref: StreamRef, stream: Stream): Promise<void> {
  const { logs, metadata, beforeDrop } = ports
  const { creationId } = stream
  const group = groupOf(ref, creationId)
  if (beforeDrop && (await isClosed(ports, ref, stream))) await beforeDrop(arnOf(ref), sourceOf(ref, stream))
  await logs.dropGroup(group)
  await forgetSubscriptions(metadata, group)
  await streamDocument.update<void>(metadata, keyOf(ref), (current) => ({
    value: current?.creationId === creationId ? undefined : current,
    result: undefined,
  }))
}

/** Has no put that is under way end later in an answer than what is read now; false when the records are dropped already. */
async function isClosed({ logs }: Pick<Upkeep, 'logs'>, ref: StreamRef, stream: Stream): Promise<boolean> {
  const group = groupOf(ref, stream.creationId)
  try {
    await Promise.all(openShardsOf(stream).map(({ shardId }) => logs.seal({ group, log: shardId })))
    return true
  } catch (error) {
    if (!isEngineError(error, 'NoSuchGroup')) throw error
    return false
  }
}

/** After a start: what runs is metered again, and what a stop interrupted goes on. */
export async function recoverStreams(ports: Upkeep): Promise<void> {
  const streams = await streamDocument.list(ports.metadata, { prefix: STREAM_KEYS, damaged: 'left out' })
  for (const { key, value } of streams) {
    const ref = refOf(key)
    meterStream(ports.meters, ref, value)
    scheduleDeletion(ports, ref, value)
    await scheduleResharding(ports, ref, value)
    scheduleExpiry(ports, ref, value)
    // A change of the retention may have come as far as the document only.
    if (value.passing?.status !== 'DELETING') await keepFor(ports, ref, value)
  }
}

/** Has the engine keep the stream's records for as long as its document says. */
export const keepFor = ({ logs }: Pick<Upkeep, 'logs'>, ref: StreamRef, stream: Stream): Promise<void> =>
  logs.ensureGroup(groupOf(ref, stream.creationId), {
    retentionMs: retentionMsOf(stream),
    ...(stream.readableFrom !== undefined && { readableFrom: stream.readableFrom }),
  })

/**
 * Takes the steps of a stream's resharding that are left, if it is due, or has begun: the log of `sealed` was found
 * sealed, by another process's clock it was due. Harmless when there are none, when several do it at once, and
 * when it breaks off: the parents' logs are sealed before the document has their children, so that every record of a
 * child lies behind all of its parents', and what was acknowledged is in one of them.
 */
export async function finishResharding(ports: Upkeep, ref: StreamRef, sealed?: string): Promise<void> {
  const { logs, metadata, clock, meters } = ports
  for (;;) {
    const stream = (await streamDocument.get(metadata, keyOf(ref)))?.value
    if (!stream?.resharding || !stream.passing) return
    const group = groupOf(ref, stream.creationId)
    const parents = parentsOfStep(nextStep(stream))
    const isDue = clock.now() >= stream.passing.endsAt
    if (!isDue && (sealed === undefined || !parents.includes(sealed))) return
    try {
      const seals = await Promise.all(
        parents.map(async (log) => [log, await logs.seal({ group, log })] as const),
      )
      await step(new Map(seals), stream.creationId)
    } catch (error) {
      // Deleted meanwhile.
      if (!isEngineError(error, 'NoSuchGroup')) throw error
      return
    }
  }

  async function step(seals: ReadonlyMap<string, number>, creationId: string): Promise<void> {
    const after = await streamDocument.update<Stream | undefined>(metadata, keyOf(ref), (current) => {
      const value =
        current?.creationId === creationId ? takeStep(current, seals, Math.floor(clock.now())) : current
      return { value, result: value }
    })
    if (!after) return
    meterStream(meters, ref, after)
    scheduleExpiry(ports, ref, after)
  }
}

/** Has it finished when the clock says so, at once if it does already, whether somebody asks for the stream or not. */
export async function scheduleResharding(ports: Upkeep, ref: StreamRef, stream: Stream): Promise<void> {
  const { resharding, passing } = stream
  if (!resharding || !passing) return
  if (ports.clock.now() >= passing.endsAt) return await finishResharding(ports, ref)
  const { run } = inBackground(ports.problems, {
    where: `the resharding of ${streamWhere(ref)}`,
    meanwhile: 'its shards are still the old ones',
    work: () => finishResharding(ports, ref),
  })
  ports.clock.at(passing.endsAt, run)
}
