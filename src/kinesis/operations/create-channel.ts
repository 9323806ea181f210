import { passRole } from '../../auth/pass-role.ts'
import { required, structure } from '../../service/shape.ts'
import { onArn } from '../accesses.ts'
import type { Channel } from '../channels/channel.ts'
import { bucketOfArn, checkedChannel, destinationOf, loggingOf } from '../channels/settings.ts'
import {
  channelDescription,
  channelEncryption,
  channelLogging,
  channelName,
  channelTags,
  describedChannel,
  roleArn,
  s3Destination,
  s3TablesDestination,
  streamConfigurationList,
} from '../channels/shapes.ts'
import { openChannel } from '../channels/transitions.ts'
import { streamOfOtherScope } from '../exceptions/channels.ts'
import { type Kinesis, operation } from '../kinesis.ts'
import { checkTags } from '../resource.ts'
import { parseStreamArn } from '../stream-ref.ts'

/**
 * A channel is FAILED, and not refused, when nothing can be delivered to one of its buckets.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateChannel.html
 */
export const createChannel = operation({
  name: 'CreateChannel',
  input: structure({
    ChannelName: required(channelName),
    ServiceExecutionRoleARN: required(roleArn),
    StreamConfigurationList: required(streamConfigurationList),
    S3DestinationConfiguration: s3Destination,
    S3TablesDestinationConfiguration: s3TablesDestination,
    EncryptionConfiguration: channelEncryption,
    Tags: channelTags,
    LoggingConfiguration: channelLogging,
  }),
  output: structure({ ChannelDescription: required(channelDescription) }),
  accesses: (_kinesis, input) => [
    ...input.StreamConfigurationList.flatMap(({ StreamARN }) => onArn('CreateChannel', StreamARN, input)),
    passRole(input.ServiceExecutionRoleARN, 'kinesis.amazonaws.com'),
  ],
  async handle(kinesis, input, { account, region }) {
    const { streams, clock, random, stateDelayMs } = kinesis
    const { source, destination } = checkedChannel(input)
    const ref = { account, region, channelName: input.ChannelName }
    const streamRef = parseStreamArn(source.StreamARN)
    if (streamRef?.account !== account || streamRef.region !== region)
      throw streamOfOtherScope(source.StreamARN)
    checkTags(streamRef, input.Tags ?? {})
    // What is due of its stream is done first.
    await streams.get(streamRef)
    const now = Math.floor(clock.now())
    const channelId = random.uuid()
    const settings = destinationOf(destination, { ...streamRef, ...ref, channelId })
    const failure = await obstacleOf(kinesis, settings)
    const channel = await openChannel(kinesis, ref, streamRef, ({ createdAt: streamCreatedAt }) => ({
      ...settings,
      channelId,
      createdAt: now,
      version: 1,
      streamArn: source.StreamARN,
      streamCreatedAt,
      serviceExecutionRoleArn: input.ServiceExecutionRoleARN,
      recordFormat: source.RecordConfiguration.RecordFormatType,
      logging: loggingOf(input.LoggingConfiguration, { ...ref, channelId }),
      tags: input.Tags ?? {},
      ...(failure !== undefined && { failure }),
      passing: { status: 'CREATING', endsAt: now + stateDelayMs },
    }))
    return {
      ChannelDescription: { ...describedChannel(ref, channel, now), ChannelStatus: 'CREATING' as const },
    }
  },
})

/** Why nothing can be delivered. */
async function obstacleOf(
  { channels }: Pick<Kinesis, 'channels'>,
  { storage, deadLetterQueue }: Pick<Channel, 'storage' | 'deadLetterQueue'>,
): Promise<string | undefined> {
  for (const { bucketArn, expectedBucketOwner } of [storage, deadLetterQueue]) {
    const obstacle = await channels.obstacleOf(bucketOfArn(bucketArn), expectedBucketOwner)
    if (obstacle !== undefined) return obstacle
  }
  return undefined
}
