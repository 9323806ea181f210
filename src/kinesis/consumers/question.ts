import { consumerArnMismatch, consumerNotFound, neitherConsumerArnNorName } from '../exceptions/consumers.ts'
import { invalidResourceArn } from '../exceptions/resources.ts'
import { arnOf, parseStreamArn, type StreamRef } from '../stream-ref.ts'
import {
  type Consumer,
  consumerArnOf,
  consumersOf,
  isConsumer,
  parseConsumerArn,
  type WithConsumers,
} from './consumer.ts'

interface Named {
  readonly StreamARN?: string | undefined
  readonly ConsumerName?: string | undefined
  readonly ConsumerARN?: string | undefined
}

/** The consumer that a request means. */
export interface ConsumerQuestion {
  readonly ref: StreamRef
  readonly name: string
  /** Throws ResourceNotFoundException. */
  in(stream: WithConsumers, now: number): Consumer
}

/** Throws InvalidArgumentException when the request names no consumer, or two. */
export function requestedConsumer({ StreamARN, ConsumerName, ConsumerARN }: Named): ConsumerQuestion {
  if (ConsumerARN !== undefined) {
    const asked = parseConsumerArn(ConsumerARN)
    if (!asked) throw invalidResourceArn(ConsumerARN)
    const isOther =
      (StreamARN !== undefined && StreamARN !== arnOf(asked.stream)) ||
      (ConsumerName !== undefined && ConsumerName !== asked.consumerName)
    if (isOther) throw consumerArnMismatch(ConsumerARN)
    return question(asked.stream, asked.consumerName, (consumer) => isConsumer(consumer, asked))
  }
  if (StreamARN === undefined || ConsumerName === undefined) throw neitherConsumerArnNorName()
  const ref = parseStreamArn(StreamARN)
  if (!ref) throw invalidResourceArn(StreamARN)
  return question(ref, ConsumerName, ({ consumerName }) => consumerName === ConsumerName)
}

const question = (
  ref: StreamRef,
  name: string,
  isAsked: (consumer: Consumer) => boolean,
): ConsumerQuestion => ({
  ref,
  name,
  in(stream, now) {
    const consumer = consumersOf(stream, now).find(isAsked)
    if (!consumer) throw consumerNotFound(ref, name)
    return consumer
  },
})

export const describedConsumer = (
  ref: StreamRef,
  consumer: Consumer,
  ConsumerStatus: 'CREATING' | 'DELETING' | 'ACTIVE',
) => ({
  ConsumerName: consumer.consumerName,
  ConsumerARN: consumerArnOf(ref, consumer),
  ConsumerStatus,
  ConsumerCreationTimestamp: consumer.createdAt,
})
