import { required, structure } from '../../service/shape.ts'
import { onChannel } from '../accesses.ts'
import { findChannel } from '../channels/channel.ts'
import { channelArn, channelDescription, describedChannel } from '../channels/shapes.ts'
import { operation } from '../kinesis.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeChannel.html */
export const describeChannel = operation({
  name: 'DescribeChannel',
  input: structure({ ChannelARN: required(channelArn) }),
  output: structure({ ChannelDescription: required(channelDescription) }),
  accesses: (kinesis, { ChannelARN }) => onChannel(kinesis, 'DescribeChannel', ChannelARN),
  async handle(kinesis, { ChannelARN }) {
    const { ref, channel } = await findChannel(kinesis, ChannelARN)
    return { ChannelDescription: describedChannel(ref, channel, kinesis.clock.now()) }
  },
})
