import { boolean, list, required, structure } from '../../service/shape.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, deliveryStreamType, listLimit } from '../shapes.ts'
import { deliveryStreamDocument, regionKeyOf, statusAt } from '../streams/delivery-stream.ts'

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
  accesses: (_firehose, _input, { account }) => [
    { action: 'firehose:ListDeliveryStreams', resource: '*', account },
  ],
  async handle({ metadata, clock }, input, caller) {
    const { Limit = DEFAULT_LIMIT, DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: start } = input
    const prefix = regionKeyOf(caller)
    const range = { prefix, after: start === undefined ? undefined : prefix + start, limit: Limit + 1 }
    const found = await deliveryStreamDocument.listWanted(
      metadata,
      range,
      ({ value }) => statusAt(value, clock.now()) !== undefined && (type ?? value.type) === value.type,
    )
    return {
      DeliveryStreamNames: found.slice(0, Limit).map(({ value }) => value.name),
      HasMoreDeliveryStreams: found.length > Limit,
    }
  },
})
