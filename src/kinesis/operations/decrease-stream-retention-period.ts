import { integer, nothing, required, structure } from '../../service/shape.ts'
import { retentionNotDecreased } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { streamArn, streamId, streamName } from '../shapes.ts'
import { keepFor, updateStream } from '../streams/changes.ts'
import { requestedStream } from '../streams/requested.ts'
import { checkRetention } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html */
export const decreaseStreamRetentionPeriod = operation({
  name: 'DecreaseStreamRetentionPeriod',
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
    const stream = await updateStream(kinesis, ref, (current) => {
      const present = current.retentionPeriodHours
      if (hours > present) throw retentionNotDecreased(ref, hours, present)
      // AWS takes the present period without a change; Terraform relies on it.
      return hours === present ? current : { ...current, retentionPeriodHours: hours }
    })
    await keepFor(kinesis, ref, stream)
    return {}
  },
})
