import { boolean, required, structure } from '../../service/shape.ts'
import { deliveryStreamInUse, deliveryStreamNotFound } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName } from '../shapes.ts'
import { deliveryStreamDocument, statusAt, streamKeyOf } from '../streams/delivery-stream.ts'

/**
 * Undelivered records are discarded, as AWS does. AllowForceDelete matters only where keys cannot be retired;
 * there are none.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeleteDeliveryStream.html
 */
export const deleteDeliveryStream = operation({
  name: 'DeleteDeliveryStream',
  input: structure({ DeliveryStreamName: required(deliveryStreamName), AllowForceDelete: boolean() }),
  output: structure({}),
  async handle({ metadata, clock, stateDelayMs }, { DeliveryStreamName: name }, { account, region }) {
    const now = clock.now()
    return await deliveryStreamDocument.update<object>(
      metadata,
      streamKeyOf({ account, region, name }),
      (stream) => {
        const status = stream && statusAt(stream, now)
        if (status === undefined) throw deliveryStreamNotFound(name, account)
        if (status === 'CREATING') throw deliveryStreamInUse(name, account, status)
        if (status === 'DELETING') return { value: stream, result: {} }
        return { value: { ...stream!, goneAt: now + stateDelayMs }, result: {} }
      },
    )
  },
})
