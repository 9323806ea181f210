import type { Caller } from '../../service/operation.ts'
import { list, required, structure, timestamp } from '../../service/shape.ts'
import { onStream } from '../accesses.ts'
import {
  type ConsumerStatus,
  consumersOf,
  describedConsumer,
  statusOfConsumer,
} from '../consumers/consumer.ts'
import { streamNotFound } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { invalidNextToken, nextTokenOf } from '../next-token.ts'
import { consumer, consumerName, limit, nextToken, streamArn, streamId } from '../shapes.ts'
import { arnOf } from '../stream-ref.ts'
import { requestedStream } from '../streams/requested.ts'

/** Consumers in an answer at most, and if no limit is given. */
const MAX_CONSUMERS = 100

const pageToken = nextTokenOf(
  'consumers',
  structure({ StreamARN: required(streamArn), after: required(consumerName) }),
)

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreamConsumers.html */
export const listStreamConsumers = operation({
  name: 'ListStreamConsumers',
  input: structure({
    StreamARN: required(streamArn),
    NextToken: nextToken,
    MaxResults: limit,
    StreamCreationTimestamp: timestamp(),
    StreamId: streamId,
  }),
  output: structure({ Consumers: list(consumer), NextToken: nextToken }),
  accesses: (kinesis, input, caller) =>
    onStream(kinesis, 'ListStreamConsumers', questionOf(input, caller, kinesis.clock.now()).ref),
  async handle({ streams, clock }, input, caller) {
    const now = clock.now()
    const question = questionOf(input, caller, now)
    const { ref, stream } = await streams.get(question.ref)
    const createdAt = input.StreamCreationTimestamp
    // To the second: that is as exact as some clients send it.
    if (createdAt !== undefined && Math.floor(createdAt / 1_000) !== Math.floor(stream.createdAt / 1_000))
      throw streamNotFound(ref)
    const consumers = consumersOf(stream, now).filter(({ consumerName }) => consumerName > question.after)
    const page = consumers.slice(0, Math.min(input.MaxResults ?? MAX_CONSUMERS, MAX_CONSUMERS))
    const last = page.at(-1)
    const next = last && { StreamARN: arnOf(ref), after: last.consumerName }
    return {
      Consumers: page.map((one) => describedConsumer(ref, one, statusOfConsumer(one, now) as ConsumerStatus)),
      ...(next && consumers.length > page.length && { NextToken: pageToken.format(next, now) }),
    }
  },
})

interface Input {
  readonly StreamARN: string
  readonly NextToken?: string | undefined
}

function questionOf(input: Input, caller: Pick<Caller, 'account' | 'region'>, now: number) {
  const token = input.NextToken === undefined ? undefined : pageToken.parse(input.NextToken, now)
  const ref = requestedStream({ StreamARN: token?.StreamARN ?? input.StreamARN }, caller)
  if (token && ref.region !== caller.region) throw invalidNextToken()
  return { ref, after: token?.after ?? '' }
}
