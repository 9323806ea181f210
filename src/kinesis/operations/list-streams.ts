import { boolean, list, required, structure, timestamp } from '../../service/shape.ts'
import { onAll } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { nextTokenOf } from '../next-token.ts'
import { limit, nextToken, streamArn, streamModeDetails, streamName, streamStatus } from '../shapes.ts'
import { summarized } from '../streams/description.ts'

/** Streams in an answer at most, and if no limit is given. */
const MAX_STREAMS = 100

const pageToken = nextTokenOf('streams', streamName)

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
export const listStreams = operation({
  name: 'ListStreams',
  input: structure({ Limit: limit, ExclusiveStartStreamName: streamName, NextToken: nextToken }),
  output: structure({
    StreamNames: required(list(streamName)),
    HasMoreStreams: required(boolean()),
    NextToken: nextToken,
    StreamSummaries: list(
      structure({
        StreamName: required(streamName),
        StreamARN: required(streamArn),
        StreamStatus: required(streamStatus),
        StreamModeDetails: streamModeDetails,
        StreamCreationTimestamp: timestamp(),
      }),
    ),
  }),
  accesses: onAll('ListStreams'),
  async handle({ streams, clock }, input, caller) {
    const now = clock.now()
    const count = Math.min(input.Limit ?? MAX_STREAMS, MAX_STREAMS)
    const after =
      input.NextToken === undefined ? input.ExclusiveStartStreamName : pageToken.parse(input.NextToken, now)
    const found = await streams.list(caller, after, count + 1)
    const page = found.slice(0, count)
    const hasMore = found.length > count
    return {
      StreamNames: page.map(({ ref }) => ref.streamName),
      HasMoreStreams: hasMore,
      ...(hasMore && { NextToken: pageToken.format(page.at(-1)!.ref.streamName, now) }),
      StreamSummaries: page.map((stream) => summarized(stream, now)),
    }
  },
})
