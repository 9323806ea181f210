import { nothing, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { withoutTags } from '../resource.ts'
import { streamArn, streamId, streamName, tagKeys } from '../shapes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RemoveTagsFromStream.html */
export const removeTagsFromStream = operation({
  name: 'RemoveTagsFromStream',
  input: structure({
    StreamName: streamName,
    TagKeys: required(tagKeys),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle({ streams }, input, caller) {
    await streams.change(requestedStream(input, caller), withoutTags(input.TagKeys))
    return {}
  },
})
