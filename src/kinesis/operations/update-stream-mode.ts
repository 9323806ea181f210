import { nothing, required, structure } from '../../service/shape.ts'
import { streamHasChannels } from '../exceptions/channels.ts'
import { modeChangedTooOften, onlyWithOnDemand } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { checkWarmThroughput, warmed } from '../limits/on-demand-shards.ts'
import { momentsOfDay, QUOTAS } from '../limits/quotas.ts'
import { streamArn, streamId, streamModeDetails, warmThroughputMiBps } from '../shapes.ts'
import { updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'
import type { Stream, StreamMode } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html */
export const updateStreamMode = operation({
  name: 'UpdateStreamMode',
  input: structure({
    StreamARN: required(streamArn),
    StreamId: streamId,
    StreamModeDetails: required(streamModeDetails),
    WarmThroughputMiBps: warmThroughputMiBps,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    const mode = input.StreamModeDetails.StreamMode
    const warm = input.WarmThroughputMiBps
    if (warm !== undefined && mode === 'PROVISIONED') throw onlyWithOnDemand('WarmThroughputMiBps')
    if (warm !== undefined) await checkWarmThroughput(kinesis, ref, warm)
    await updateStream(kinesis, ref, (stream, now) => {
      if (stream.mode === mode) return stream
      if (stream.channels?.length) throw streamHasChannels(ref)
      const modeChangedAt = momentsOfDay(stream.modeChangedAt, now)
      if (kinesis.limits === 'aws' && modeChangedAt.length > QUOTAS.modeChangesOfDay)
        throw modeChangedTooOften(ref, QUOTAS.modeChangesOfDay)
      const changed = { ...inMode(stream, mode), modeChangedAt }
      return warm === undefined ? changed : warmed(changed, warm)
    })
    return {}
  },
})

/** The shards stay as they are; what only on-demand streams have goes with the mode. */
function inMode(stream: Stream, mode: StreamMode): Stream {
  if (mode === 'ON_DEMAND') return { ...stream, mode }
  const { recordDistributionStrategy: _, warmThroughputMiBps: __, ...provisioned } = stream
  return { ...provisioned, mode }
}
