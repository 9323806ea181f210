import { required, structure } from '../../service/shape.ts'
import { type Consumer, consumersOf, statusOfConsumer, withConsumer } from '../consumers/consumer.ts'
import { describedConsumer } from '../consumers/question.ts'
import {
  consumerExists,
  streamNotActive,
  tooManyConsumers,
  tooManyConsumersCreating,
} from '../exceptions/exceptions.ts'
import { operation } from '../kinesis.ts'
import { commitmentOf, isCommitted } from '../limits/commitment.ts'
import { meterStream } from '../metering/stream-hours.ts'
import { checkTags } from '../resources/tags.ts'
import { consumer, consumerName, streamArn, streamId, tags } from '../shapes.ts'
import { requestedStream, type StreamRef } from '../stream-ref.ts'
import { type Stream, statusOf } from '../streams/stream.ts'

/** Of a stream; the second in On-demand Advantage mode. https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html */
const MAX_CONSUMERS = 20
const MAX_CONSUMERS_ADVANTAGE = 50
const MAX_CREATING = 5

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html */
export const registerStreamConsumer = operation({
  name: 'RegisterStreamConsumer',
  input: structure({
    StreamARN: required(streamArn),
    ConsumerName: required(consumerName),
    StreamId: streamId,
    Tags: tags,
  }),
  output: structure({ Consumer: required(consumer) }),
  async handle({ streams, metadata, clock, meters, limits, stateDelayMs }, input, caller) {
    const ref = requestedStream({ StreamARN: input.StreamARN }, caller)
    const tagsOfConsumer = input.Tags ?? {}
    checkTags(ref, tagsOfConsumer)
    const now = Math.floor(clock.now())
    const registered: Consumer = {
      consumerName: input.ConsumerName,
      createdAt: now,
      tags: tagsOfConsumer,
      passing: { status: 'CREATING', endsAt: now + stateDelayMs },
    }
    const isAdvantage = isCommitted(await commitmentOf(metadata, ref), now)
    const stream = await streams.change(ref, (current) => {
      checkRegistration(ref, current, registered.consumerName, now)
      if (limits === 'aws') checkQuotas(ref, current, isAdvantage, now)
      return withConsumer(current, registered, now)
    })
    meterStream(meters, ref, stream)
    return { Consumer: describedConsumer(ref, registered, 'CREATING') }
  },
})

function checkRegistration(ref: StreamRef, stream: Stream, name: string, now: number): void {
  const status = statusOf(stream, now)
  if (status !== 'ACTIVE' && status !== 'UPDATING') throw streamNotActive(ref, String(status))
  const isTaken = consumersOf(stream, now).some((one) => one.consumerName === name)
  if (isTaken) throw consumerExists(ref, name)
}

function checkQuotas(ref: StreamRef, stream: Stream, isAdvantage: boolean, now: number): void {
  const present = consumersOf(stream, now)
  const limit = isAdvantage && stream.mode === 'ON_DEMAND' ? MAX_CONSUMERS_ADVANTAGE : MAX_CONSUMERS
  if (present.length >= limit) throw tooManyConsumers(ref, limit)
  const creating = present.filter((one) => statusOfConsumer(one, now) === 'CREATING')
  if (creating.length >= MAX_CREATING) throw tooManyConsumersCreating(MAX_CREATING)
}
