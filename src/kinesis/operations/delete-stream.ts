import { boolean, nothing, structure } from '../../service/shape.ts'
import { consumersOf } from '../consumers/consumer.ts'
import { streamHasChannels } from '../exceptions/channels.ts'
import { streamHasConsumers, streamNotActive } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { streamArn, streamId, streamName } from '../shapes.ts'
import { arnOf } from '../stream-ref.ts'
import { scheduleDeletion } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'
import { deleteStream as deleted, statusOf } from '../streams/stream.ts'
import { meterStream } from '../usage.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html */
export const deleteStream = operation({
  name: 'DeleteStream',
  input: structure({
    StreamName: streamName,
    EnforceConsumerDeletion: boolean(),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    const { streams, clock, stateDelayMs } = kinesis
    const ref = requestedStream(input, caller)
    const stream = await streams.change(ref, (current) => {
      const status = statusOf(current, clock.now())
      // One that nobody could use yet AWS deletes, too; one that changes it does not.
      if (status !== 'ACTIVE' && status !== 'CREATING') throw streamNotActive(ref, String(status))
      if (current.channels?.length) throw streamHasChannels(ref)
      const hasConsumers = consumersOf(current, clock.now()).length > 0
      if (hasConsumers && !input.EnforceConsumerDeletion) throw streamHasConsumers(ref, arnOf(ref))
      return deleted(current, Math.floor(clock.now()) + stateDelayMs)
    })
    meterStream(kinesis.meters, ref, stream)
    scheduleDeletion(kinesis, ref, stream)
    return {}
  },
})
