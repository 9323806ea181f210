import type { Meters } from '../../metrics/meters.ts'
import type { Consumer } from '../consumers/consumer.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { BilledStream } from './stream-hours.ts'

interface PushedStream {
  readonly ref: StreamRef
  readonly stream: Pick<BilledStream, 'mode'>
}

interface PushedEvent {
  readonly SubscribeToShardEvent: {
    readonly Records: readonly { readonly Data: Uint8Array }[]
    readonly MillisBehindLatest: number
  }
}

/** Passes the events on, counted as CloudWatch counts them and metered as AWS bills them. */
export async function* countEvents<E extends PushedEvent>(
  meters: Meters,
  { ref, stream }: PushedStream,
  { consumerName }: Consumer,
  events: AsyncIterable<E>,
): AsyncGenerator<E, void, undefined> {
  const count = (metric: string, value: number) =>
    meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName, ConsumerName: consumerName }, value)
  const meter = stream.mode === 'ON_DEMAND' ? 'kinesis-on-demand-fan-out-bytes' : 'kinesis-fan-out-bytes'
  count('SubscribeToShard.Success', 1)
  for await (const event of events) {
    const { Records, MillisBehindLatest } = event.SubscribeToShardEvent
    const bytes = Records.reduce((sum, { Data }) => sum + Data.length, 0)
    count('SubscribeToShardEvent.Success', 1)
    count('SubscribeToShardEvent.Records', Records.length)
    count('SubscribeToShardEvent.Bytes', bytes)
    count('SubscribeToShardEvent.MillisBehindLatest', MillisBehindLatest)
    if (bytes > 0) meters.use(meter, bytes)
    yield event
  }
}
