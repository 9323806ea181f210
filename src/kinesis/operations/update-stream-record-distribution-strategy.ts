import { nothing, required, structure } from '../../service/shape.ts'
import { onlyWithOnDemand } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { recordDistributionStrategy, streamArn, streamId } from '../shapes.ts'
import { updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamRecordDistributionStrategy.html */
export const updateStreamRecordDistributionStrategy = operation({
  name: 'UpdateStreamRecordDistributionStrategy',
  input: structure({
    StreamARN: required(streamArn),
    RecordDistributionStrategy: required(recordDistributionStrategy),
    StreamId: streamId,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    await updateStream(kinesis, requestedStream(input, caller), (stream) => {
      if (stream.mode === 'PROVISIONED') throw onlyWithOnDemand('UpdateStreamRecordDistributionStrategy')
      return { ...stream, recordDistributionStrategy: input.RecordDistributionStrategy }
    })
    return {}
  },
})
