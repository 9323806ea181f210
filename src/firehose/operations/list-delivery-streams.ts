import { boolean, list, required, structure } from '../../service/shape.ts'
import { type DeliveryStream, regionKeyOf, statusAt } from '../delivery-stream.ts'
import { operation } from './operation.ts'
import { deliveryStreamName, deliveryStreamType, listLimit } from './shapes.ts'

const DEFAULT_LIMIT = 10

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html */
export const listDeliveryStreams = operation({
  name: 'ListDeliveryStreams',
  input: structure({
    Limit: listLimit,
    DeliveryStreamType: deliveryStreamType,
    ExclusiveStartDeliveryStreamName: deliveryStreamName,
  }),
  output: structure({
    DeliveryStreamNames: required(list(deliveryStreamName)),
    HasMoreDeliveryStreams: required(boolean()),
  }),
  async handle({ metadata, clock }, input, caller) {
    const { Limit = DEFAULT_LIMIT, DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: start } = input
    const prefix = regionKeyOf(caller)
    const documents = await metadata.list<DeliveryStream>({
      prefix,
      damaged: 'left out',
      ...(start !== undefined && { after: prefix + start }),
    })
    const names = documents
      .map(({ value }) => value)
      .filter(
        (stream) => statusAt(stream, clock.now()) !== undefined && (type ?? stream.type) === stream.type,
      )
      .map(({ name }) => name)
    return {
      DeliveryStreamNames: names.slice(0, Limit),
      HasMoreDeliveryStreams: names.length > Limit,
    }
  },
})
