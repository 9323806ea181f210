import { nothing, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { encryptionType, keyId, streamArn, streamId, streamName } from '../shapes.ts'
import { updateStream } from '../streams/changes.ts'
import { checkKmsKey, requestedStream } from '../streams/requested.ts'

/**
 * Records that were stored encrypted stay so.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StopStreamEncryption.html
 */
export const stopStreamEncryption = operation({
  name: 'StopStreamEncryption',
  input: structure({
    StreamName: streamName,
    EncryptionType: required(encryptionType),
    KeyId: required(keyId),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    checkKmsKey(input)
    await updateStream(kinesis, ref, (stream) => {
      if (stream.keyId === undefined) return stream
      const { keyId: _, ...plain } = stream
      return plain
    })
    return {}
  },
})
