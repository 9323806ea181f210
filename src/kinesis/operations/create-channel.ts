import { required, structure } from '../../service/shape.ts'
import {
  channelDescription,
  channelEncryption,
  channelLogging,
  channelName,
  channelTags,
  roleArn,
  s3Destination,
  s3TablesDestination,
  streamConfigurationList,
} from '../channel-shapes.ts'
import { checkChannel } from '../check-channel.ts'
import { invalidKeyId, noChannelDelivery, onlyWithOnDemand, streamNotActive } from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { checkKmsKey } from '../kms-key.ts'
import { statusOf } from '../stream.ts'
import { requestedStream } from '../stream-ref.ts'
import { checkTags } from '../tags.ts'

/**
 * Refuses what AWS refuses, in AWS's way, and everything else by name: nothing delivers from a channel here.
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
  async handle({ streams, clock }, input, caller) {
    const source = checkChannel(input)
    if (input.EncryptionConfiguration) checkKey(input.EncryptionConfiguration)
    const ref = requestedStream({ StreamARN: source.StreamARN }, caller)
    checkTags(ref, input.Tags ?? {})
    const { stream } = await streams.get(ref)
    const status = statusOf(stream, clock.now())
    if (status !== 'ACTIVE') throw streamNotActive(ref, String(status))
    if (stream.mode !== 'ON_DEMAND') throw onlyWithOnDemand('CreateChannel')
    throw noChannelDelivery()
  },
})

/** Whoever reads the objects needs the key too, so that Kinesis's own cannot be it. */
function checkKey(encryption: { EncryptionType: string; KeyId: string }): void {
  checkKmsKey(encryption)
  if (encryption.KeyId.endsWith('alias/aws/kinesis')) throw invalidKeyId(encryption.KeyId)
}
