import { required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { findResource } from '../resource.ts'
import { resourceArn, streamId, tagList } from '../shapes.ts'
import { listedTags } from '../tags.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  input: structure({ ResourceARN: required(resourceArn), StreamId: streamId }),
  output: structure({ Tags: tagList }),
  async handle(kinesis, input) {
    const { resource } = await findResource(kinesis, input.ResourceARN)
    return { Tags: listedTags(resource.tags) }
  },
})
