import { required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { changeResource } from '../resource.ts'
import { resourceArn, streamId, tags } from '../shapes.ts'
import { withTags } from '../tags.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html */
export const tagResource = operation({
  name: 'TagResource',
  input: structure({ Tags: required(tags), ResourceARN: required(resourceArn), StreamId: streamId }),
  output: structure({}),
  async handle(kinesis, input) {
    await changeResource(kinesis, input.ResourceARN, withTags(input.Tags))
    return {}
  },
})
