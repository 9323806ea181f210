/** What Kinesis answers when it refuses something about a channel. AWS documents when, not with which words. */
import { notSupported } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'
import { inUse, invalidArgument, limitExceeded, notFound, Phrase } from './kinds.ts'

/** The channel, as far as refusals name it. */
interface ChannelName {
  readonly channelName: string
  readonly account: string
}

export const channelFeatureNotSupported = (member: string) =>
  notSupported(`${member} of CreateChannel`, 'A channel delivers to a general purpose bucket.')

export const channelNotFound = (arn: string) => notFound(`Channel ${arn} not found.`)

export const channelExists = ({ channelName, account }: ChannelName) =>
  inUse(`Channel ${channelName} under account ${account} already exists.`)

export const channelNotActive = ({ channelName, account }: ChannelName, status: string) =>
  inUse(`Channel ${channelName} under account ${account} not ACTIVE, instead in state ${status}`)

export const tooManyChannels = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot have more than ${limit} channel to a general purpose bucket.`)

export const streamHasChannels = (stream: StreamRef) =>
  inUse(`${Phrase(stream)} has channels: delete them first.`)

export const streamOfOtherScope = (arn: string) =>
  invalidArgument(`Stream ${arn} is not in the account and region of the channel.`)

export const managedKeyWithChannel = (stream: StreamRef) =>
  invalidArgument(`${Phrase(stream)} is encrypted with the AWS managed key, with which channels do not work.`)

export const invalidKeyTemplate = (template: string, flaw: string) =>
  invalidArgument(`OutputKeyTemplate ${template} is invalid: ${flaw}.`)

export const channelDestinations = () =>
  invalidArgument(
    'Either S3DestinationConfiguration or S3TablesDestinationConfiguration should be provided, not both.',
  )

export const onlyOneOf = (list: string) => invalidArgument(`${list} must have exactly one element.`)

export const freshnessOutOfRange = (seconds: number, min: number, max: number) =>
  invalidArgument(`DataFreshnessInSeconds must be between ${min} and ${max}, it was ${seconds}.`)

export const channelUpdateMismatch = () =>
  invalidArgument(
    'S3TablesDestinationConfiguration cannot be updated: the channel delivers to a general purpose bucket.',
  )

export const channelFormat = (format: string, destination: string) =>
  invalidArgument(`RecordFormatType ${format} is not supported for ${destination}.`)

export const channelSchemaMissing = () =>
  invalidArgument('GSRSchemaARN must be provided for a channel that delivers to a streaming table.')
