import { nothing, structure } from '../../service/shape.ts'
import { onConsumer } from '../accesses.ts'
import { requestedConsumer, withConsumer } from '../consumers/consumer.ts'
import { operation } from '../kinesis.ts'
import { consumerArn, consumerName, streamArn, streamId } from '../shapes.ts'
import { meterStream } from '../usage.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html */
export const deregisterStreamConsumer = operation({
  name: 'DeregisterStreamConsumer',
  input: structure({
    StreamARN: streamArn,
    ConsumerName: consumerName,
    ConsumerARN: consumerArn,
    StreamId: streamId,
  }),
  output: nothing,
  accesses: (kinesis, input) => onConsumer(kinesis, 'DeregisterStreamConsumer', requestedConsumer(input)),
  async handle({ streams, clock, meters, stateDelayMs }, input) {
    const asked = requestedConsumer(input)
    const now = Math.floor(clock.now())
    const stream = await streams.change(asked.ref, (current) => {
      const consumer = asked.in(current, now)
      if (consumer.passing?.status === 'DELETING') return current
      const passing = { status: 'DELETING' as const, endsAt: now + stateDelayMs }
      return withConsumer(current, { ...consumer, passing }, now)
    })
    meterStream(meters, asked.ref, stream)
    return {}
  },
})
