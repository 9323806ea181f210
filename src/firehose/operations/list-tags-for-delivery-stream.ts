import { boolean, integer, required, structure } from '../../service/shape.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, tagKey, tagList } from '../shapes.ts'
import { findDeliveryStream } from '../streams/delivery-stream.ts'

const DEFAULT_LIMIT = 50

/** AWS does not say in which order; ours is that of the keys. https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListTagsForDeliveryStream.html */
export const listTagsForDeliveryStream = operation({
  name: 'ListTagsForDeliveryStream',
  input: structure({
    DeliveryStreamName: required(deliveryStreamName),
    ExclusiveStartTagKey: tagKey,
    Limit: integer({ min: 1, max: 50 }),
  }),
  output: structure({ Tags: required(tagList), HasMoreTags: required(boolean()) }),
  async handle(firehose, { DeliveryStreamName, ExclusiveStartTagKey, Limit = DEFAULT_LIMIT }, caller) {
    const { value: stream } = await findDeliveryStream(firehose, caller, DeliveryStreamName)
    const keys = Object.keys(stream.tags)
      .sort()
      .filter((key) => ExclusiveStartTagKey === undefined || key > ExclusiveStartTagKey)
    return {
      Tags: keys.slice(0, Limit).map((Key) => ({ Key, Value: stream.tags[Key]! })),
      HasMoreTags: keys.length > Limit,
    }
  },
})
