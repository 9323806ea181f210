import type { Clock } from '../clock/clock.ts'
import type { MetadataStore } from '../engine/ports/engine.ts'
import { untilCommitted } from '../engine/ports/update.ts'
import { findChannel, parseChannelArn } from './channels/channel.ts'
import {
  type Consumer,
  consumersOf,
  isConsumer,
  parseConsumerArn,
  withConsumer,
} from './consumers/consumer.ts'
import {
  consumerNotFound,
  invalidResourceArn,
  invalidTagCharacters,
  tooManyTags,
} from './exceptions/streams.ts'
import { parseStreamArn, type StreamRef } from './stream-ref.ts'
import type { StreamStore } from './streams/store.ts'
import type { Stream } from './streams/stream.ts'

interface Ports {
  readonly streams: StreamStore
  readonly clock: Clock
}

interface TagPorts extends Ports {
  readonly metadata: MetadataStore
}

/** What tags and a policy can be attached to. */
type Resource = Stream | Consumer

/**
 * The stream or the consumer of an ARN. Rejects with InvalidArgumentException when it is no such ARN, else with
 * ResourceNotFoundException.
 */
export async function findResource(
  { streams, clock }: Ports,
  arn: string,
): Promise<{ ref: StreamRef; resource: Resource }> {
  const consumerRef = parseConsumerArn(arn)
  const ref = consumerRef?.stream ?? streamOf(arn)
  const { stream } = await streams.get(ref)
  if (!consumerRef) return { ref, resource: stream }
  const consumer = consumersOf(stream, clock.now()).find((one) => isConsumer(one, consumerRef))
  if (!consumer) throw consumerNotFound(ref, consumerRef.consumerName)
  return { ref, resource: consumer }
}

/** Commits what `change` makes of it; rejects as `findResource` does, or with what `change` throws. */
export async function changeResource(
  { streams, clock }: Ports,
  arn: string,
  change: <R extends Resource>(resource: R, ref: StreamRef) => R,
): Promise<void> {
  const consumerRef = parseConsumerArn(arn)
  const ref = consumerRef?.stream ?? streamOf(arn)
  await streams.change(ref, (stream) => {
    if (!consumerRef) return change(stream, ref)
    const now = clock.now()
    const consumer = consumersOf(stream, now).find((one) => isConsumer(one, consumerRef))
    if (!consumer) throw consumerNotFound(ref, consumerRef.consumerName)
    return withConsumer(stream, change(consumer, ref), now)
  })
}

function streamOf(arn: string): StreamRef {
  const ref = parseStreamArn(arn)
  if (!ref) throw invalidResourceArn(arn)
  return ref
}

/** The tags of a stream, a consumer or a channel; rejects as `findResource` does. */
export async function tagsOf(ports: TagPorts, arn: string): Promise<Tags> {
  if (parseChannelArn(arn)) return (await findChannel(ports, arn)).channel.tags
  return (await findResource(ports, arn)).resource.tags
}

/** Commits what `change` makes of it; rejects as `tagsOf` does, or with what `change` throws. */
export async function changeTags(
  ports: TagPorts,
  arn: string,
  change: <R extends { readonly tags: Tags }>(resource: R, ref: StreamRef) => R,
): Promise<void> {
  if (!parseChannelArn(arn)) return await changeResource(ports, arn, change)
  await untilCommitted(async () => {
    const { document, channel } = await findChannel(ports, arn)
    const value = change(channel, parseStreamArn(channel.streamArn)!)
    await ports.metadata.commit([{ put: document.key, value, expect: document.revision }])
  })
}

/** Of a stream, a consumer or a channel. */
const MAX_TAGS = 50

type Tags = Readonly<Record<string, string>>

/** https://docs.aws.amazon.com/streams/latest/dev/tagging.html */
const VALID = /^[\p{L}\p{N}\p{Z}_./=+\-%@:]*$/u

/** Throws InvalidArgumentException unless the stream, or one of its consumers, may carry these tags. */
export function checkTags(stream: StreamRef, tags: Tags): void {
  const entries = Object.entries(tags)
  if (entries.some(([key, value]) => !VALID.test(key) || !VALID.test(value))) throw invalidTagCharacters()
  if (entries.length > MAX_TAGS) throw tooManyTags(stream, MAX_TAGS)
}

/** Throws like `checkTags`. */
export const withTags =
  (added: Tags) =>
  <R extends { readonly tags: Tags }>(resource: R, stream: StreamRef): R => {
    const tags = { ...resource.tags, ...added }
    checkTags(stream, tags)
    return { ...resource, tags }
  }

/** Throws InvalidArgumentException for keys that no tag can have. */
export const withoutTags =
  (keys: readonly string[]) =>
  <R extends { readonly tags: Tags }>(resource: R): R => {
    if (!keys.every((key) => VALID.test(key))) throw invalidTagCharacters()
    const kept = Object.entries(resource.tags).filter(([key]) => !keys.includes(key))
    return { ...resource, tags: Object.fromEntries(kept) }
  }

/** As AWS lists them: by key. */
export const listedTags = (tags: Tags) =>
  Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1))
