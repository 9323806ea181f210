import { boolean, integer, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { listedTags } from '../resource.ts'
import { streamArn, streamId, streamName, tagKey, tagList } from '../shapes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForStream.html */
export const listTagsForStream = operation({
  name: 'ListTagsForStream',
  input: structure({
    StreamName: streamName,
    ExclusiveStartTagKey: tagKey,
    Limit: integer({ min: 1, max: 50 }),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({ Tags: required(tagList), HasMoreTags: required(boolean()) }),
  async handle({ streams }, input, caller) {
    const { stream } = await streams.get(requestedStream(input, caller))
    const after = input.ExclusiveStartTagKey
    const tags = listedTags(stream.tags).filter(({ Key }) => after === undefined || Key > after)
    const count = input.Limit ?? tags.length
    return { Tags: tags.slice(0, count), HasMoreTags: tags.length > count }
  },
})
