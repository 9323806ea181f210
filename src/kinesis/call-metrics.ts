import type { Clock } from '../clock/clock.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Metering } from '../service/operation.ts'
import { parseConsumerArn } from './consumers/consumer.ts'
import { streamNameIn } from './records/read.ts'
import { parseStreamArn } from './stream-ref.ts'

/** Members by which calls that have metrics name a stream, or a consumer of one. */
interface Naming {
  readonly StreamName?: string
  readonly StreamARN?: string
  readonly ShardIterator?: string
  readonly ConsumerARN?: string
}

/**
 * Counts what a call did, once it is answered: `PutRecord.Success` and the like.
 * https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 */
export const callMetrics: Metering<{ readonly clock: Pick<Clock, 'now'>; readonly meters: Meters }> = {
  now: ({ clock }) => clock.now(),
  count({ meters }, operation, outcome) {
    if (outcome.output === undefined) return
    const metrics = operation.metrics?.(outcome as never)
    if (!metrics) return
    const dimensions = dimensionsOf(outcome.input as Naming)
    for (const metric in metrics)
      meters.count('AWS/Kinesis', `${operation.name}.${metric}`, dimensions, metrics[metric]!)
  },
}

/** Of a call that was answered: what it names is there. */
function dimensionsOf({ StreamName, StreamARN, ShardIterator, ConsumerARN }: Naming): Record<string, string> {
  if (StreamName !== undefined) return { StreamName }
  if (ShardIterator !== undefined) return { StreamName: streamNameIn(ShardIterator) }
  if (StreamARN !== undefined) return { StreamName: parseStreamArn(StreamARN)!.streamName }
  const { stream, consumerName } = parseConsumerArn(ConsumerARN!)!
  return { StreamName: stream.streamName, ConsumerName: consumerName }
}
