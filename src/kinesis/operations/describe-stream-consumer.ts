import { required, structure, timestamp } from '../../service/shape.ts'
import { onConsumer } from '../accesses.ts'
import {
  type ConsumerStatus,
  describedConsumer,
  requestedConsumer,
  statusOfConsumer,
} from '../consumers/consumer.ts'
import { operation } from '../kinesis.ts'
import { consumerArn, consumerName, consumerStatus, streamArn, streamId } from '../shapes.ts'
import { arnOf } from '../stream-ref.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamConsumer.html */
export const describeStreamConsumer = operation({
  name: 'DescribeStreamConsumer',
  input: structure({
    StreamARN: streamArn,
    ConsumerName: consumerName,
    ConsumerARN: consumerArn,
    StreamId: streamId,
  }),
  output: structure({
    ConsumerDescription: required(
      structure({
        ConsumerName: required(consumerName),
        ConsumerARN: required(consumerArn),
        ConsumerStatus: required(consumerStatus),
        ConsumerCreationTimestamp: required(timestamp()),
        StreamARN: required(streamArn),
      }),
    ),
  }),
  accesses: (kinesis, input) => onConsumer(kinesis, 'DescribeStreamConsumer', requestedConsumer(input)),
  async handle({ streams, clock }, input) {
    const asked = requestedConsumer(input)
    const { ref, stream } = await streams.get(asked.ref)
    const now = clock.now()
    const consumer = asked.in(stream, now)
    const status = statusOfConsumer(consumer, now) as ConsumerStatus
    return {
      ConsumerDescription: { ...describedConsumer(ref, consumer, status), StreamARN: arnOf(ref) },
    }
  },
})
