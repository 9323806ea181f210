import { required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { monitoringOutput, shardLevelMetrics, streamArn, streamId, streamName } from '../shapes.ts'
import { changeShardLevelMetrics } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_EnableEnhancedMonitoring.html */
export const enableEnhancedMonitoring = operation({
  name: 'EnableEnhancedMonitoring',
  input: structure({
    StreamName: streamName,
    ShardLevelMetrics: required(shardLevelMetrics),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: monitoringOutput,
  handle: (kinesis, input, caller) =>
    changeShardLevelMetrics(
      kinesis,
      requestedStream(input, caller),
      (present, named) => present || named,
      input.ShardLevelMetrics,
    ),
})
