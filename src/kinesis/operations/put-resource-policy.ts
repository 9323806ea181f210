import { required, structure } from '../../service/shape.ts'
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
  output: structure({}),
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

/** Its form only: nobody is refused by it here. */
function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw malformedPolicy(`it has more than ${MAX_BYTES} bytes`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformedPolicy('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || !('Statement' in value))
    throw malformedPolicy('it has no Statement')
}
