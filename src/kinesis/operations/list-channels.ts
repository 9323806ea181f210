import { list, required, structure } from '../../service/shape.ts'
import { onAll } from '../accesses.ts'
import { type Channel, listChannels as channelsOf } from '../channels/channel.ts'
import { channelName, channelSummary, streamFilter, summarizedChannel } from '../channels/shapes.ts'
import { operation } from '../kinesis.ts'
import { nextTokenOf } from '../next-token.ts'
import { limit, nextToken } from '../shapes.ts'

/** Channels in an answer at most, and if no limit is given. */
const MAX_CHANNELS = 100

const pageToken = nextTokenOf('channels', channelName)

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListChannels.html */
export const listChannels = operation({
  name: 'ListChannels',
  input: structure({ StreamFilter: streamFilter, MaxResults: limit, NextToken: nextToken }),
  output: structure({ ChannelSummaries: required(list(channelSummary)), NextToken: nextToken }),
  accesses: onAll('ListChannels'),
  async handle(kinesis, { StreamFilter, MaxResults = MAX_CHANNELS, NextToken }, caller) {
    const now = kinesis.clock.now()
    const after = NextToken === undefined ? undefined : pageToken.parse(NextToken, now)
    const count = Math.min(MaxResults, MAX_CHANNELS)
    const wanted = await channelsOf(kinesis, caller, {
      after,
      limit: count + 1,
      isWanted: (channel) => StreamFilter?.some(isSourceOf(channel)) ?? true,
    })
    const page = wanted.slice(0, count)
    const last = page.at(-1)?.ref.channelName
    return {
      ChannelSummaries: page.map(({ ref, channel }) => summarizedChannel(ref, channel, now)),
      ...(last !== undefined && wanted.length > page.length && { NextToken: pageToken.format(last, now) }),
    }
  },
})

/** To the second: that is as exact as some clients send it. */
const isSourceOf =
  ({ streamArn, streamCreatedAt }: Channel) =>
  ({ StreamARN, StreamCreationTimestamp: createdAt }: StreamFilter): boolean =>
    StreamARN === streamArn &&
    (createdAt === undefined || Math.floor(createdAt / 1_000) === Math.floor(streamCreatedAt / 1_000))

interface StreamFilter {
  readonly StreamARN: string
  readonly StreamCreationTimestamp?: number | undefined
}
