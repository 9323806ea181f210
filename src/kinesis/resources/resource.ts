import {
  type Consumer,
  consumersOf,
  isConsumer,
  parseConsumerArn,
  withConsumer,
} from '../consumers/consumer.ts'
import { consumerNotFound, invalidResourceArn } from '../exceptions/exceptions.ts'
import type { Kinesis } from '../kinesis.ts'
import { parseStreamArn, type StreamRef } from '../stream-ref.ts'
import type { Stream } from '../streams/stream.ts'

/** What tags and a policy can be attached to. */
type Resource = Stream | Consumer

/**
 * The stream or the consumer of an ARN. Rejects with InvalidArgumentException when it is no such ARN, else with
 * ResourceNotFoundException.
 */
export async function findResource(
  { streams, clock }: Kinesis,
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
  { streams, clock }: Kinesis,
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
