import { nothing, required, structure } from '../../service/shape.ts'
import { onPolicy } from '../accesses.ts'
import { policyNotFound } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { changeResource } from '../resource.ts'
import { resourceArn, streamId } from '../shapes.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteResourcePolicy.html */
export const deleteResourcePolicy = operation({
  name: 'DeleteResourcePolicy',
  input: structure({ ResourceARN: required(resourceArn), StreamId: streamId }),
  output: nothing,
  accesses: (kinesis, input, caller) => onPolicy(kinesis, 'DeleteResourcePolicy', input, caller),
  async handle(kinesis, { ResourceARN }) {
    await changeResource(kinesis, ResourceARN, (resource) => {
      if (resource.policy === undefined) throw policyNotFound(ResourceARN)
      const { policy: _, ...rest } = resource
      return rest as typeof resource
    })
    return {}
  },
})
