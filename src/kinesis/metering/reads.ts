import type { Meters } from '../../metrics/meters.ts'
import { HOUR_MS, LONG_TERM_HOURS } from '../streams/retention.ts'
import type { Stream } from '../streams/stream.ts'

interface ReadRecord {
  readonly Data: Uint8Array
  readonly ApproximateArrivalTimestamp: number
}

/**
 * Of what GetRecords gives AWS bills everything when the stream is on-demand, else what is older than seven days.
 * https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function meterRead(
  meters: Meters,
  { mode }: Pick<Stream, 'mode'>,
  records: readonly ReadRecord[],
  now: number,
): void {
  const isOnDemand = mode === 'ON_DEMAND'
  const longTermBefore = now - LONG_TERM_HOURS * HOUR_MS
  let bytes = 0
  for (const { Data, ApproximateArrivalTimestamp } of records)
    if (isOnDemand || ApproximateArrivalTimestamp < longTermBefore) bytes += Data.length
  if (bytes > 0)
    meters.use(isOnDemand ? 'kinesis-on-demand-out-bytes' : 'kinesis-long-term-retrieval-bytes', bytes)
}
