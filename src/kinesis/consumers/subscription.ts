import type { Clock } from '../../clock/clock.ts'
import type { Random } from '../../clock/random.ts'
import { number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { subscriptionTaken } from '../exceptions/streams.ts'
import type { Consumer } from './consumer.ts'

/** For so long nobody can subscribe again, even if the subscription has ended. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const PROTECTED_MS = 5_000

/** Who reads a shard for a consumer: a document, since the next call may come to another gateway. */
export interface Holder {
  readonly id: string
  /** ms since 1970. */
  readonly since: number
}

export interface Subscription {
  /** Tells it from every other. */
  readonly id: string
  /** Aborts when another call has taken it over. */
  readonly lost: AbortSignal
  end(): Promise<void>
}

interface Ports {
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly random: Random
}

/** Whose subscription to which shard. */
interface Wanted {
  /** The stream's. */
  readonly group: string
  readonly consumer: Consumer
  readonly shardId: string
}

const KEYS = 'kinesis/subscription/'
const prefixOf = (group: string) => `${KEYS}${group}/`

export const holderDocument = document<Holder>({
  keys: KEYS,
  version: 1,
  check: shape<Holder>({ id: text, since: number }),
})

/**
 * Takes the consumer's one subscription to the shard, until `signal` aborts; rejects with ResourceInUseException if there
 * was one in the last five seconds.
 */
export async function takeSubscription(
  { metadata, clock, random }: Ports,
  { group, consumer: { consumerName, createdAt }, shardId }: Wanted,
  signal: AbortSignal,
): Promise<Subscription> {
  const key = `${prefixOf(group)}${consumerName}/${createdAt}/${shardId}`
  const id = random.uuid()
  const since = await holderDocument.update<number>(metadata, key, (current) => {
    const since = Math.floor(clock.now())
    // A clock that was moved far ahead may have left a document of its future.
    if (current && Math.abs(since - current.since) < PROTECTED_MS) throw subscriptionTaken(consumerName)
    return { value: { id, since }, result: since }
  })
  const lost = new AbortController()
  const over = new AbortController()
  const check = async () => {
    if ((await holderDocument.get(metadata, key))?.value.id !== id) lost.abort()
  }
  metadata.watch(key, () => void check().catch(() => lost.abort()), over.signal)
  const forget = () =>
    holderDocument.update<void>(metadata, key, (current) => ({
      value: current?.id === id ? undefined : current,
      result: undefined,
    }))
  const end = async () => {
    if (over.signal.aborted) return
    over.abort()
    // The document says until when nobody can subscribe again.
    if (clock.now() >= since + PROTECTED_MS) await forget()
    else clock.at(since + PROTECTED_MS, forget)
  }
  // The client may go before it has read anything. A document that is left behind is in nobody's way for long.
  signal.addEventListener('abort', () => void end().catch(() => undefined), { once: true })
  await check()
  return { id, lost: lost.signal, end }
}

/** What processes left behind that ended without a word; of some shards, or of all. */
export async function forgetSubscriptions(
  metadata: MetadataStore,
  group: string,
  isOver: (shardId: string) => boolean = () => true,
): Promise<void> {
  for (const { key } of await metadata.list({ prefix: prefixOf(group), damaged: 'left out' }))
    if (isOver(key.slice(key.lastIndexOf('/') + 1))) await metadata.commit([{ delete: key }])
}
