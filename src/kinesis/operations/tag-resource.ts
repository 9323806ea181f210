import { nothing, required, structure } from '../../service/shape.ts'
import { onResource } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { changeTags, withTags } from '../resource.ts'
import { streamId, taggedArn, tags } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html */
export const tagResource = operation({
  name: 'TagResource',
  input: structure({ Tags: required(tags), ResourceARN: required(taggedArn), StreamId: streamId }),
  output: nothing,
  accesses: (kinesis, input) => onResource(kinesis, 'TagResource', input),
  async handle(kinesis, input) {
    await changeTags(kinesis, input.ResourceARN, withTags(input.Tags))
    return {}
  },
})
