import type { Meters } from '../../metrics/meters.ts'
import { type CountedStream, countingFor } from './cloud-watch.ts'
import type { BilledStream } from './stream-hours.ts'

/**
 * Each record is billed in such steps, by the stream's mode. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
const PAYLOAD_UNIT_BYTES = 25_600
const ON_DEMAND_STEP_BYTES = 1_024

interface WrittenStream extends CountedStream {
  /** Its logs' in the engine. */
  readonly group: string
  readonly stream: CountedStream['stream'] & Pick<BilledStream, 'mode'>
}

interface Stored {
  readonly data: Uint8Array
}

/** What was stored in a shard, for CloudWatch and for the bill. */
export function countStored(
  meters: Meters,
  found: WrittenStream,
  shardId: string,
  { records, bytes }: { readonly records: readonly Stored[]; readonly bytes: number },
): void {
  const count = countingFor(meters, found, shardId)
  count('IncomingRecords', records.length)
  count('IncomingBytes', bytes)
  meters.arrive(found.group, bytes)
  if (found.stream.mode === 'PROVISIONED')
    meters.use('kinesis-put-payload-units', stepsOf(records, PAYLOAD_UNIT_BYTES))
  else meters.use('kinesis-on-demand-in-bytes', stepsOf(records, ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES)
}

const stepsOf = (records: readonly Stored[], stepBytes: number) =>
  records.reduce((sum, { data }) => sum + Math.max(1, Math.ceil(data.length / stepBytes)), 0)
