import { list, required, structure } from '../../service/shape.ts'
import { channelSummary, streamFilter } from '../channel-shapes.ts'
import { invalidNextToken } from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { limit, nextToken } from '../shapes.ts'

/** There are no channels: see CreateChannel. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListChannels.html */
export const listChannels = operation({
  name: 'ListChannels',
  input: structure({ StreamFilter: streamFilter, MaxResults: limit, NextToken: nextToken }),
  output: structure({ ChannelSummaries: required(list(channelSummary)), NextToken: nextToken }),
  async handle(_, { NextToken }) {
    // None was ever given out.
    if (NextToken !== undefined) throw invalidNextToken()
    return { ChannelSummaries: [] }
  },
})
