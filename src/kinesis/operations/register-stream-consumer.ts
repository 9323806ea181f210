import { required, structure } from '../../service/shape.ts'
import { type Consumer, consumersOf, statusOfConsumer, withConsumer } from '../consumer.ts'
import { consumerExists, streamNotActive, tooManyConsumers, tooManyConsumersCreating } from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { meterStream } from '../meter-stream.ts'
import { describedConsumer } from '../requested-consumer.ts'
import { consumer, consumerName, streamArn, streamId, tags } from '../shapes.ts'
import { type Stream, statusOf } from '../stream.ts'
import { requestedStream, type StreamRef } from '../stream-ref.ts'
import { checkTags } from '../tags.ts'

const MAX_CONSUMERS = 20
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
  async handle({ streams, clock, meters, limits, stateDelayMs }, input, caller) {
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
    const stream = await streams.change(ref, (current) => {
      checkRegistration(ref, current, registered.consumerName, now, limits === 'aws')
      return withConsumer(current, registered, now)
    })
    meterStream(meters, ref, stream)
    return { Consumer: describedConsumer(ref, registered, 'CREATING') }
  },
})

function checkRegistration(
  ref: StreamRef,
  stream: Stream,
  name: string,
  now: number,
  isLimited: boolean,
): void {
  const status = statusOf(stream, now)
  if (status !== 'ACTIVE' && status !== 'UPDATING') throw streamNotActive(ref, String(status))
  const present = consumersOf(stream, now)
  if (present.some((one) => one.consumerName === name)) throw consumerExists(ref, name)
  if (!isLimited) return
  if (present.length >= MAX_CONSUMERS) throw tooManyConsumers(ref, MAX_CONSUMERS)
  const creating = present.filter((one) => statusOfConsumer(one, now) === 'CREATING')
  if (creating.length >= MAX_CREATING) throw tooManyConsumersCreating(MAX_CREATING)
}
