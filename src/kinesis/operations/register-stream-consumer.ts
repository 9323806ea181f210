import { required, structure } from '../../service/shape.ts'
import {
  type Consumer,
  consumersOf,
  describedConsumer,
  statusOfConsumer,
  withConsumer,
} from '../consumers/consumer.ts'
import {
  consumerExists,
  streamNotActive,
  tooManyConsumers,
  tooManyConsumersCreating,
} from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { commitmentOf, isCommitted } from '../limits/commitment.ts'
import { QUOTAS } from '../limits/quotas.ts'
import { checkTags } from '../resource.ts'
import { consumer, consumerName, streamArn, streamId, tags } from '../shapes.ts'
import type { StreamRef } from '../stream-ref.ts'
import { requestedStream } from '../streams/requested.ts'
import { type Stream, statusOf } from '../streams/stream.ts'
import { meterStream } from '../usage.ts'

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
  const limit = isAdvantage && stream.mode === 'ON_DEMAND' ? QUOTAS.consumersWithAdvantage : QUOTAS.consumers
  if (present.length >= limit) throw tooManyConsumers(ref, limit)
  const creating = present.filter((one) => statusOfConsumer(one, now) === 'CREATING')
  if (creating.length >= QUOTAS.consumersCreating) throw tooManyConsumersCreating(QUOTAS.consumersCreating)
}
