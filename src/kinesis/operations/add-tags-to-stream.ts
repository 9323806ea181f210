import { nothing, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { withTags } from '../resource.ts'
import { streamArn, streamId, streamName, tags } from '../shapes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_AddTagsToStream.html */
export const addTagsToStream = operation({
  name: 'AddTagsToStream',
  input: structure({
    StreamName: streamName,
    Tags: required(tags),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle({ streams }, input, caller) {
    const ref = requestedStream(input, caller)
    await streams.change(ref, (stream) => withTags(input.Tags)(stream, ref))
    return {}
  },
})
