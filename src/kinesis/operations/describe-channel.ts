import { required, structure } from '../../service/shape.ts'
import { channelArn, channelDescription } from '../channel-shapes.ts'
import { channelNotFound } from '../exceptions.ts'
import { operation } from '../kinesis.ts'

/** There are no channels: see CreateChannel. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeChannel.html */
export const describeChannel = operation({
  name: 'DescribeChannel',
  input: structure({ ChannelARN: required(channelArn) }),
  output: structure({ ChannelDescription: required(channelDescription) }),
  async handle(_, { ChannelARN }) {
    throw channelNotFound(ChannelARN)
  },
})
