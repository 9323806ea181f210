import type { Clock } from '../../clock/clock.ts'
import { inBackground } from '../../engine/ports/background.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'
import { forgetSubscriptions } from '../consumers/subscription.ts'
import { namedBy } from '../shards/shard.ts'
import { arnOf, groupOf, keyOf, type StreamRef, streamWhere } from '../stream-ref.ts'
import { type SourceStream, sourceOf } from './store.ts'
import { nextExpiryOf, type Stream, streamDocument, unexpired } from './stream.ts'

/** What giving back works with. */
export interface Expiring {
  readonly metadata: MetadataStore
  readonly clock: Clock
  /** Told before closed shards are forgotten that have expired; nobody has to be if absent. */
  readonly beforeExpiry?:
    | ((streamArn: string, stream: SourceStream, expired: ReadonlySet<string>) => Promise<void>)
    | undefined
  /** Where it is said what fails behind the answers' back; nowhere if absent. */
  readonly problems?: Problems | undefined
  /** When the next shard is given back, by the group of its stream, ms since 1970. */
  readonly expiries: Map<string, number>
}

/** Has a stream's shards given back when the clock says that they have expired. */
export function scheduleExpiry(ports: Expiring, ref: StreamRef, stream: Stream): void {
  const { clock, expiries, problems } = ports
  const at = nextExpiryOf(stream)
  if (at === Number.POSITIVE_INFINITY || stream.passing?.status === 'DELETING') return
  const group = groupOf(ref, stream.creationId)
  if ((expiries.get(group) ?? Number.POSITIVE_INFINITY) <= at) return
  expiries.set(group, at)
  const { run } = inBackground(problems, {
    where: `the expiry of shards of ${streamWhere(ref)}`,
    meanwhile: 'shards that nothing finds any more still take room',
    work: () => giveBackExpired(ports, ref, stream.creationId),
  })
  clock.at(at, async () => {
    if (expiries.get(group) === at) expiries.delete(group)
    await run()
  })
}

/** The delivery first: as long as the document has a shard, whoever starts next knows of it. Harmless when it is done twice. */
async function giveBackExpired(ports: Expiring, ref: StreamRef, creationId: string): Promise<void> {
  const { metadata, clock, beforeExpiry } = ports
  const before = (await streamDocument.get(metadata, keyOf(ref)))?.value
  if (before?.creationId !== creationId) return
  const left = new Set(unexpired(before, clock.now()).shards.map(({ shardId }) => shardId))
  const expired = new Set(before.shards.map(({ shardId }) => shardId).filter((shardId) => !left.has(shardId)))
  if (expired.size === 0) return scheduleExpiry(ports, ref, before)
  await beforeExpiry?.(arnOf(ref), sourceOf(ref, before), expired)
  const after = await streamDocument.update<Stream | undefined>(metadata, keyOf(ref), (current) => {
    const value = current?.creationId === creationId ? withoutShards(current, expired) : current
    return { value, result: value }
  })
  await forgetSubscriptions(metadata, groupOf(ref, creationId), (shardId) => expired.has(shardId))
  if (after?.creationId === creationId) scheduleExpiry(ports, ref, after)
}

/** As many shards as are still known by their sequence numbers once they are given back. */
const MOST_FORMER = 200

const withoutShards = (stream: Stream, expired: ReadonlySet<string>): Stream => {
  const { shards, former = [] } = stream
  const gone = shards.filter(({ shardId }) => expired.has(shardId)).map(namedBy)
  return {
    ...stream,
    shards: shards.filter(({ shardId }) => !expired.has(shardId)),
    former: [...former, ...gone].slice(-MOST_FORMER),
  }
}
