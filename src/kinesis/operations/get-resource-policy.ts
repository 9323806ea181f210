import { required, structure } from '../../service/shape.ts'
import { onPolicy } from '../accesses.ts'
import { operation } from '../kinesis.ts'
import { findResource } from '../resource.ts'
import { policy, resourceArn, streamId } from '../shapes.ts'

/** What AWS answers when none was put. */
const NO_POLICY = '{}'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html */
export const getResourcePolicy = operation({
  name: 'GetResourcePolicy',
  input: structure({ ResourceARN: required(resourceArn), StreamId: streamId }),
  output: structure({ Policy: required(policy) }),
  accesses: (kinesis, input, caller) => onPolicy(kinesis, 'GetResourcePolicy', input, caller),
  async handle(kinesis, input) {
    const { resource } = await findResource(kinesis, input.ResourceARN)
    return { Policy: resource.policy ?? NO_POLICY }
  },
})
