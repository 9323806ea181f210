import { integer, nothing, required, structure } from '../../service/shape.ts'
import { retentionNotIncreased } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { streamArn, streamId, streamName } from '../shapes.ts'
import { keepFor, updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'
import { checkRetention, trimHorizonOf } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html */
export const increaseStreamRetentionPeriod = operation({
  name: 'IncreaseStreamRetentionPeriod',
  input: structure({
    StreamName: streamName,
    RetentionPeriodHours: required(integer()),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    const hours = input.RetentionPeriodHours
    checkRetention(hours)
    const stream = await updateStream(kinesis, ref, (current, now) => {
      const present = current.retentionPeriodHours
      if (hours < present) throw retentionNotIncreased(ref, hours, present)
      // AWS takes the present period without a change; Terraform relies on it.
      if (hours === present) return current
      return { ...current, retentionPeriodHours: hours, readableFrom: trimHorizonOf(current, now) }
    })
    await keepFor(kinesis, ref, stream)
    return {}
  },
})
