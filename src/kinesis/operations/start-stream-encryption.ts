import { nothing, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { encryptionType, keyId, streamArn, streamId, streamName } from '../shapes.ts'
import { updateStream } from '../streams/changes.ts'
import { checkKmsKey, requestedStream } from '../streams/requested.ts'

/**
 * From here on records are stored encrypted. There is no KMS: the key that encrypts is the data folder's, the one that
 * is named is remembered.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StartStreamEncryption.html
 */
export const startStreamEncryption = operation({
  name: 'StartStreamEncryption',
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
    await updateStream(kinesis, ref, (stream) =>
      stream.keyId === input.KeyId ? stream : { ...stream, keyId: input.KeyId },
    )
    return {}
  },
})
