import { required, structure } from '../../service/shape.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName } from '../shapes.ts'
import { changeDeliveryStream } from '../streams/delivery-stream.ts'
import { checkEncryptable } from '../streams/encryption.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_StopDeliveryStreamEncryption.html */
export const stopDeliveryStreamEncryption = operation({
  name: 'StopDeliveryStreamEncryption',
  input: structure({ DeliveryStreamName: required(deliveryStreamName) }),
  output: structure({}),
  async handle(firehose, { DeliveryStreamName: name }, caller) {
    await changeDeliveryStream(firehose, { ...caller, name }, (stream, now) => {
      checkEncryptable(stream)
      if (!stream.encryption?.on) return stream
      return {
        ...stream,
        encryption: { ...stream.encryption, on: false, settledAt: now + firehose.stateDelayMs },
      }
    })
    return {}
  },
})
