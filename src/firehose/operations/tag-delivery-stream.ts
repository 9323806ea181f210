import { required, structure } from '../../service/shape.ts'
import { tooManyTags } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, tags } from '../shapes.ts'
import { changeDeliveryStream } from '../streams/delivery-stream.ts'

const MAX_TAGS = 50

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_TagDeliveryStream.html */
export const tagDeliveryStream = operation({
  name: 'TagDeliveryStream',
  input: structure({ DeliveryStreamName: required(deliveryStreamName), Tags: required(tags) }),
  output: structure({}),
  async handle(firehose, { DeliveryStreamName: name, Tags }, caller) {
    const given = Object.fromEntries(Tags.map(({ Key, Value = '' }) => [Key, Value]))
    await changeDeliveryStream(firehose, { ...caller, name }, (stream) => {
      const merged = { ...stream.tags, ...given }
      if (Object.keys(merged).length > MAX_TAGS) throw tooManyTags(name, MAX_TAGS)
      return { ...stream, tags: merged }
    })
    return {}
  },
})
