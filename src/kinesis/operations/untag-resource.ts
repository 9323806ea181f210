import { nothing, required, structure } from '../../service/shape.ts'
import { onResource } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { changeTags, withoutTags } from '../resource.ts'
import { streamId, taggedArn, tagKeys } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html */
export const untagResource = operation({
  name: 'UntagResource',
  input: structure({ TagKeys: required(tagKeys), ResourceARN: required(taggedArn), StreamId: streamId }),
  output: nothing,
  accesses: (kinesis, input) => onResource(kinesis, 'UntagResource', input),
  async handle(kinesis, input) {
    await changeTags(kinesis, input.ResourceARN, withoutTags(input.TagKeys))
    return {}
  },
})
