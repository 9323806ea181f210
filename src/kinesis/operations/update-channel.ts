import { required, structure } from '../../service/shape.ts'
import { onChannel } from '../accesses.ts'
import { checkFreshness, loggingOf } from '../channels/settings.ts'
import {
  channelArn,
  channelDescription,
  channelLogging,
  describedChannel,
  destinationUpdate,
} from '../channels/shapes.ts'
import { changeChannel } from '../channels/transitions.ts'
import { channelUpdateMismatch } from '../exceptions/channels.ts'
import { operation } from '../kinesis.ts'

/**
 * The new data freshness holds for what is buffered already, too.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateChannel.html
 */
export const updateChannel = operation({
  name: 'UpdateChannel',
  input: structure({
    ChannelARN: required(channelArn),
    S3DestinationConfiguration: destinationUpdate,
    S3TablesDestinationConfiguration: destinationUpdate,
    LoggingConfiguration: channelLogging,
  }),
  output: structure({ ChannelDescription: required(channelDescription) }),
  accesses: (kinesis, { ChannelARN }) => onChannel(kinesis, 'UpdateChannel', ChannelARN),
  async handle(kinesis, input) {
    const { S3DestinationConfiguration: s3, S3TablesDestinationConfiguration: tables } = input
    checkFreshness(s3?.DataFreshnessInSeconds)
    checkFreshness(tables?.DataFreshnessInSeconds)
    const { ref, channel } = await changeChannel(kinesis, input.ChannelARN, ({ ref, channel }) => {
      if (tables) throw channelUpdateMismatch()
      const logging = input.LoggingConfiguration
      return {
        dataFreshnessInSeconds: s3?.DataFreshnessInSeconds,
        ...(logging && { logging: loggingOf(logging, { ...ref, ...channel }) }),
      }
    })
    return {
      ChannelDescription: {
        ...describedChannel(ref, channel, kinesis.clock.now()),
        ChannelStatus: 'UPDATING' as const,
      },
    }
  },
})
