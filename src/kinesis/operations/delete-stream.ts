import { boolean, structure } from '../../service/shape.ts'
import { streamNotActive } from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { streamArn, streamId, streamName } from '../shapes.ts'
import { deleteStream as deleted, statusOf } from '../stream.ts'
import { meterStream, scheduleDeletion } from '../stream-lifecycle.ts'
import { requestedStream } from '../stream-ref.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html */
export const deleteStream = operation({
  name: 'DeleteStream',
  input: structure({
    StreamName: streamName,
    // Without effect as long as streams have no consumers that could stand in the way.
    EnforceConsumerDeletion: boolean(),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({}),
  async handle(kinesis, input, caller) {
    const { streams, clock, stateDelayMs } = kinesis
    const ref = requestedStream(input, caller)
    const stream = await streams.change(ref, (current) => {
      const status = statusOf(current, clock.now())
      if (status !== 'ACTIVE') throw streamNotActive(ref, String(status))
      return deleted(current, Math.floor(clock.now()) + stateDelayMs)
    })
    meterStream(kinesis, ref, stream)
    scheduleDeletion(kinesis, ref, stream)
    return {}
  },
})
