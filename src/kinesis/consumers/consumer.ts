import { maybe, named, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import {
  consumerArnMismatch,
  consumerNotFound,
  invalidResourceArn,
  neitherConsumerArnNorName,
} from '../exceptions/streams.ts'
import { arnOf, parseStreamArn, type StreamRef } from '../stream-ref.ts'

export type ConsumerStatus = 'CREATING' | 'DELETING' | 'ACTIVE'

/** A registered consumer as its stream's document keeps it. */
export interface Consumer {
  readonly consumerName: string
  /** ms since 1970. */
  readonly createdAt: number
  readonly tags: Readonly<Record<string, string>>
  readonly policy?: string
  /** A state that ends by itself: in ACTIVE, or, after DELETING, in nothing. */
  readonly passing?: { readonly status: 'CREATING' | 'DELETING'; readonly endsAt: number }
}

export const consumer = shape<Consumer>({
  ...{ consumerName: text, createdAt: number, tags: named(text), policy: maybe(text) },
  passing: maybe(
    shape<NonNullable<Consumer['passing']>>({ status: oneOf('CREATING', 'DELETING'), endsAt: number }),
  ),
})

/** The document of a stream, as far as it concerns its consumers. */
export interface WithConsumers {
  /** Those that are gone too, until the next change. */
  readonly consumers: readonly Consumer[]
}

/** Undefined: it is gone. */
export function statusOfConsumer({ passing }: Consumer, now: number): ConsumerStatus | undefined {
  if (!passing) return 'ACTIVE'
  if (now < passing.endsAt) return passing.status
  return passing.status === 'DELETING' ? undefined : 'ACTIVE'
}

/** Those that exist, in the order of their names. */
export const consumersOf = ({ consumers }: WithConsumers, now: number): Consumer[] =>
  consumers.filter((consumer) => statusOfConsumer(consumer, now) !== undefined)

/** The stream with `consumer` in the place of the one of its name, if there was one; those that are gone are left out. */
export const withConsumer = <S extends WithConsumers>(stream: S, consumer: Consumer, now: number): S => ({
  ...stream,
  consumers: [
    ...consumersOf(stream, now).filter(({ consumerName }) => consumerName !== consumer.consumerName),
    consumer,
  ].sort((a, b) => (a.consumerName < b.consumerName ? -1 : 1)),
})

/** What an ARN of a consumer says: its name is free again after it was deregistered, the time tells one from the next. */
export interface ConsumerRef {
  readonly stream: StreamRef
  readonly consumerName: string
  readonly createdSeconds: number
}

const secondsOf = ({ createdAt }: Consumer) => Math.floor(createdAt / 1_000)

export const consumerArnOf = (stream: StreamRef, consumer: Consumer): string =>
  `${arnOf(stream)}/consumer/${consumer.consumerName}:${secondsOf(consumer)}`

export function parseConsumerArn(text: string): ConsumerRef | undefined {
  const parts = /^(.*)\/consumer\/([^/:]+):(\d+)$/.exec(text)
  const stream = parseStreamArn(parts?.[1] ?? '')
  if (!parts || !stream) return undefined
  return { stream, consumerName: parts[2]!, createdSeconds: Number(parts[3]) }
}

export const isConsumer = (consumer: Consumer, { consumerName, createdSeconds }: ConsumerRef): boolean =>
  consumer.consumerName === consumerName && secondsOf(consumer) === createdSeconds

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
