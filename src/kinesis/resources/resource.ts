import type { Clock } from '../../clock/clock.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { parseChannelArn } from '../channels/channel.ts'
import { findChannel } from '../channels/store.ts'
import {
  type Consumer,
  consumersOf,
  isConsumer,
  parseConsumerArn,
  withConsumer,
} from '../consumers/consumer.ts'
import { consumerNotFound } from '../exceptions/consumers.ts'
import { invalidResourceArn } from '../exceptions/resources.ts'
import { parseStreamArn, type StreamRef } from '../stream-ref.ts'
import type { StreamStore } from '../streams/store.ts'
import type { Stream } from '../streams/stream.ts'
import type { Tags } from './tagging.ts'

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
