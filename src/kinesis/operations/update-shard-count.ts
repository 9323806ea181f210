import { integer, oneOf, required, structure } from '../../service/shape.ts'
import {
  notWithOnDemand,
  scaledDownTooFar,
  scaledTooOften,
  scaledUpTooFar,
  tooManyShards,
} from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { checkShardCount, checkShardLimit, momentsOfDay, QUOTAS } from '../limits/quotas.ts'
import { streamArn, streamId, streamName } from '../shapes.ts'
import { arnOf, type StreamRef } from '../stream-ref.ts'
import { updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'
import { scaledTo } from '../streams/resharding.ts'
import { openShardsOf, type Stream } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html */
export const updateShardCount = operation({
  name: 'UpdateShardCount',
  input: structure({
    StreamName: streamName,
    TargetShardCount: required(integer({ min: 1 })),
    ScalingType: required(oneOf('UNIFORM_SCALING')),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({
    StreamName: streamName,
    CurrentShardCount: integer({ min: 1 }),
    TargetShardCount: integer({ min: 1 }),
    StreamARN: streamArn,
  }),
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    const target = input.TargetShardCount
    const { stream } = await kinesis.streams.get(ref)
    const current = openShardsOf(stream).length
    await checkShardLimit(kinesis, ref, target - current)
    checkShardCount(current, target)
    await updateStream(kinesis, ref, (before, now) => {
      if (before.mode === 'ON_DEMAND') throw notWithOnDemand(ref)
      const scaledAt = momentsOfDay(before.scaledAt, now)
      if (kinesis.limits === 'aws') checkScaling(ref, before, scaledAt, target)
      return { ...scaledTo(before, target), scaledAt }
    })
    return {
      StreamName: ref.streamName,
      CurrentShardCount: current,
      TargetShardCount: target,
      StreamARN: arnOf(ref),
    }
  },
})

function checkScaling(ref: StreamRef, stream: Stream, scaledAt: readonly number[], target: number): void {
  const current = openShardsOf(stream).length
  if (target > QUOTAS.shardsByScaling) throw tooManyShards(current, target, QUOTAS.shardsByScaling)
  if (target > 2 * current) throw scaledUpTooFar(current, target)
  if (target < current / 2) throw scaledDownTooFar(current, target)
  if (scaledAt.length > QUOTAS.scalingsOfDay) throw scaledTooOften(ref, QUOTAS.scalingsOfDay)
}
