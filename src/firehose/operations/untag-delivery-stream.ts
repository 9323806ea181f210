import { list, required, structure } from '../../service/shape.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, tagKey } from '../shapes.ts'
import { changeDeliveryStream } from '../streams/delivery-stream.ts'

/** Keys that are not there are ignored. https://docs.aws.amazon.com/firehose/latest/APIReference/API_UntagDeliveryStream.html */
export const untagDeliveryStream = operation({
  name: 'UntagDeliveryStream',
  input: structure({
    DeliveryStreamName: required(deliveryStreamName),
    TagKeys: required(list(tagKey, { min: 1, max: 50 })),
  }),
  output: structure({}),
  async handle(firehose, { DeliveryStreamName: name, TagKeys }, caller) {
    await changeDeliveryStream(firehose, { ...caller, name }, (stream) => ({
      ...stream,
      tags: Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !TagKeys.includes(key))),
    }))
    return {}
  },
})
