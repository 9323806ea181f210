import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PlaceView, SpaceView, TakenView } from '../../api/views.ts'
import { ownLogOf } from '../../delivery/progress/outlet.ts'
import type { Engine, LogStore } from '../../engine/ports/engine.ts'
import { groupOf, refOf } from '../../kinesis/stream-ref.ts'
import type { BucketUsage } from '../../s3/usage/bucket-usage.ts'
import type { PipelineDocuments } from '../shared/pipeline-documents.ts'

/** Of each kind the largest: a page with more of them helps nobody, nor do so many labels of a metric. */
export const MOST_PLACES = 200
/** Groups measured between two turns of the event loop. */
const PER_TURN = 200

export interface SpaceSources {
  readonly engine: Pick<Engine, 'space' | 'logs'>
  readonly usage: Pick<BucketUsage, 'all' | 'isCounted'>
  readonly documents: Pick<PipelineDocuments, 'streams' | 'paths' | 'buckets'>
  readonly msUntilFull: () => number | undefined
}

/** Who takes how much of the space there is, the largest first. */
export async function spaceOf({ engine, usage, documents, msUntilFull }: SpaceSources): Promise<SpaceView> {
  const { usedBytes, freeBytes, limitBytes, roomBytes, parts } = await engine.space()
  const streams = takenBy(await streamsOf(engine.logs, documents))
  const buffers = takenBy(await buffersOf(engine.logs, documents))
  const buckets = takenBy(await bucketsOf(usage, documents))
  const named = streams.bytes + buffers.bytes + buckets.bytes
  const fullInMs = msUntilFull()
  return {
    ...{ usedBytes, freeBytes, roomBytes, parts },
    ...(limitBytes !== undefined && { limitBytes }),
    ...(fullInMs !== undefined && roomBytes > 0 && { fullInMs }),
    ...{ streams, buffers, buckets },
    restBytes: Math.max(0, usedBytes - named),
    ...(!usage.isCounted() && { isCounting: true as const }),
  }
}

function takenBy(places: readonly PlaceView[]): TakenView {
  const largest = places.toSorted((one, other) => other.bytes - one.bytes)
  return {
    bytes: places.reduce((sum, { bytes }) => sum + bytes, 0),
    count: places.length,
    largest: largest.slice(0, MOST_PLACES),
  }
}

async function streamsOf(logs: LogStore, documents: SpaceSources['documents']): Promise<PlaceView[]> {
  const places: PlaceView[] = []
  for await (const { key, value } of inTurns(await documents.streams())) {
    const ref = refOf(key)
    const { account, region, streamName: name } = ref
    const { creationId, quotaBytes } = value
    const bytes = logs.bytesOf(groupOf(ref, creationId))
    places.push({ ...{ name, account, region, bytes }, ...(quotaBytes !== undefined && { quotaBytes }) })
  }
  return places
}

/** What waits in delivery streams and channels, in a log of their own. */
async function buffersOf(logs: LogStore, documents: SpaceSources['documents']): Promise<PlaceView[]> {
  const places: PlaceView[] = []
  for await (const path of inTurns(await documents.paths())) {
    const { name, account, region, quotaBytes } = path
    const bytes = logs.bytesOf(ownLogOf(path, '').group)
    places.push({ ...{ name, account, region, bytes }, ...(quotaBytes !== undefined && { quotaBytes }) })
  }
  return places
}

async function bucketsOf(
  usage: SpaceSources['usage'],
  documents: SpaceSources['documents'],
): Promise<PlaceView[]> {
  const held = usage.all()
  return (await documents.buckets()).map(({ value: { name, account, region, quotaBytes } }) => {
    const { objects = 0, bytes = 0, uploadBytes = 0 } = held.get(name) ?? {}
    return {
      ...{ name, account, region, objects, bytes: bytes + uploadBytes },
      ...(uploadBytes > 0 && { uploadBytes }),
      ...(quotaBytes !== undefined && { quotaBytes }),
    }
  })
}

/** Lets everybody else have a turn now and then. */
async function* inTurns<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const [index, item] of items.entries()) {
    if (index % PER_TURN === PER_TURN - 1) await nextTurn()
    yield item
  }
}
