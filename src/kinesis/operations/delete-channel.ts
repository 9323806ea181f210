import { required, structure } from '../../service/shape.ts'
import { channelArn } from '../channel-shapes.ts'
import { channelNotFound } from '../exceptions.ts'
import { operation } from '../kinesis.ts'

/** There are no channels: see CreateChannel. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteChannel.html */
export const deleteChannel = operation({
  name: 'DeleteChannel',
  input: structure({ ChannelARN: required(channelArn) }),
  output: structure({}),
  async handle(_, { ChannelARN }) {
    throw channelNotFound(ChannelARN)
  },
})
