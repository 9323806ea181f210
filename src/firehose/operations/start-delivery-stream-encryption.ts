import { required, structure } from '../../service/shape.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, encryptionConfigurationInput } from '../shapes.ts'
import { changeDeliveryStream } from '../streams/delivery-stream.ts'
import { checkEncryptable, encryptionOf } from '../streams/encryption.ts'

/** What it means for clients: the states, and `Encrypted` in answers. https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html */
export const startDeliveryStreamEncryption = operation({
  name: 'StartDeliveryStreamEncryption',
  input: structure({
    DeliveryStreamName: required(deliveryStreamName),
    DeliveryStreamEncryptionConfigurationInput: encryptionConfigurationInput,
  }),
  output: structure({}),
  async handle(firehose, input, caller) {
    const given = input.DeliveryStreamEncryptionConfigurationInput
    await changeDeliveryStream(firehose, { ...caller, name: input.DeliveryStreamName }, (stream, now) => {
      checkEncryptable(stream)
      return { ...stream, encryption: encryptionOf(given, stream.region, now + firehose.stateDelayMs) }
    })
    return {}
  },
})
