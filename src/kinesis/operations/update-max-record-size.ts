import { nothing, required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { maxRecordSizeInKiB, streamArn, streamId } from '../shapes.ts'
import { updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html */
export const updateMaxRecordSize = operation({
  name: 'UpdateMaxRecordSize',
  input: structure({
    StreamARN: streamArn,
    StreamId: streamId,
    MaxRecordSizeInKiB: required(maxRecordSizeInKiB),
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    await updateStream(kinesis, requestedStream(input, caller), (stream) => ({
      ...stream,
      maxRecordSizeInKiB: input.MaxRecordSizeInKiB,
    }))
    return {}
  },
})
