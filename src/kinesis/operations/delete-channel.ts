import { nothing, required, structure } from '../../service/shape.ts'
import { onChannel } from '../accesses.ts'
import { channelArn } from '../channels/shapes.ts'
import { closeChannel } from '../channels/transitions.ts'
import { operation } from '../kinesis.ts'

/** What was not delivered stays in the stream. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteChannel.html */
export const deleteChannel = operation({
  name: 'DeleteChannel',
  input: structure({ ChannelARN: required(channelArn) }),
  output: nothing,
  accesses: (kinesis, { ChannelARN }) => onChannel(kinesis, 'DeleteChannel', ChannelARN),
  async handle(kinesis, { ChannelARN }) {
    await closeChannel(kinesis, ChannelARN)
    return {}
  },
})
