import { parsePolicy } from '../../auth/policies/policy.ts'
import { PolicyError } from '../../auth/policies/policy-error.ts'
import { nothing, required, structure } from '../../service/shape.ts'
import { onPolicy } from '../accesses.ts'
import { statusOfConsumer } from '../consumers/consumer.ts'
import { consumerNotActive, malformedPolicy } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { changeResource } from '../resource.ts'
import { policy, resourceArn, streamId } from '../shapes.ts'

const MAX_BYTES = 20 * 1_024

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html */
export const putResourcePolicy = operation({
  name: 'PutResourcePolicy',
  input: structure({ ResourceARN: required(resourceArn), StreamId: streamId, Policy: required(policy) }),
  output: nothing,
  accesses: (kinesis, input, caller) => onPolicy(kinesis, 'PutResourcePolicy', input, caller),
  async handle(kinesis, { ResourceARN, Policy }) {
    checkPolicy(Policy)
    await changeResource(kinesis, ResourceARN, (resource, ref) => {
      if ('consumerName' in resource && statusOfConsumer(resource, kinesis.clock.now()) !== 'ACTIVE')
        throw consumerNotActive(ref, resource)
      return { ...resource, policy: Policy }
    })
    return {}
  },
})

/** Throws InvalidArgumentException for what is no policy of a resource. */
function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw malformedPolicy(`it has more than ${MAX_BYTES} bytes`)
  try {
    parsePolicy(text, 'resource')
  } catch (error) {
    if (error instanceof PolicyError) throw malformedPolicy(error.message)
    throw error
  }
}
