import { required, structure } from '../../service/shape.ts'
import { channelArn, channelDescription, channelLogging, destinationUpdate } from '../channel-shapes.ts'
import { checkFreshness } from '../check-channel.ts'
import { channelNotFound } from '../exceptions.ts'
import { operation } from '../kinesis.ts'

/** There are no channels: see CreateChannel. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateChannel.html */
export const updateChannel = operation({
  name: 'UpdateChannel',
  input: structure({
    ChannelARN: required(channelArn),
    S3DestinationConfiguration: destinationUpdate,
    S3TablesDestinationConfiguration: destinationUpdate,
    LoggingConfiguration: channelLogging,
  }),
  output: structure({ ChannelDescription: required(channelDescription) }),
  async handle(_, { ChannelARN, S3DestinationConfiguration, S3TablesDestinationConfiguration }) {
    checkFreshness(S3DestinationConfiguration?.DataFreshnessInSeconds)
    checkFreshness(S3TablesDestinationConfiguration?.DataFreshnessInSeconds)
    throw channelNotFound(ChannelARN)
  },
})
