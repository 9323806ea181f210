import { required, structure } from '../../service/shape.ts'
import { onlyWithOnDemand } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { checkWarmThroughput, describedWarmThroughput, warmed } from '../limits/on-demand-shards.ts'
import { streamArn, streamId, streamName, warmThroughput, warmThroughputMiBps } from '../shapes.ts'
import { arnOf } from '../stream-ref.ts'
import { updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html */
export const updateStreamWarmThroughput = operation({
  name: 'UpdateStreamWarmThroughput',
  input: structure({
    StreamARN: streamArn,
    StreamName: streamName,
    StreamId: streamId,
    WarmThroughputMiBps: required(warmThroughputMiBps),
  }),
  output: structure({ StreamARN: streamArn, StreamName: streamName, WarmThroughput: warmThroughput }),
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    await checkWarmThroughput(kinesis, ref, input.WarmThroughputMiBps)
    const stream = await updateStream(kinesis, ref, (current) => {
      if (current.mode === 'PROVISIONED') throw onlyWithOnDemand('UpdateStreamWarmThroughput')
      return warmed(current, input.WarmThroughputMiBps)
    })
    return {
      StreamARN: arnOf(ref),
      StreamName: ref.streamName,
      WarmThroughput: describedWarmThroughput(stream),
    }
  },
})
