import { required, structure } from '../../service/shape.ts'
import { onResource } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { listedTags, tagsOf } from '../resource.ts'
import { streamId, taggedArn, tagList } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  input: structure({ ResourceARN: required(taggedArn), StreamId: streamId }),
  output: structure({ Tags: tagList }),
  accesses: (kinesis, input) => onResource(kinesis, 'ListTagsForResource', input),
  async handle(kinesis, input) {
    return { Tags: listedTags(await tagsOf(kinesis, input.ResourceARN)) }
  },
})
