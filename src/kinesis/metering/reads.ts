import type { Meters } from '../../metrics/meters.ts'
import { type CountedStream, countCall, countingFor } from './cloud-watch.ts'
import { type BilledStream, LONG_TERM_HOURS } from './stream-hours.ts'

const LONG_TERM_MS = LONG_TERM_HOURS * 3_600_000

interface ReadStream extends CountedStream {
  readonly stream: CountedStream['stream'] & Pick<BilledStream, 'mode'>
}

/** What GetRecords gives. Times are ms since 1970. */
interface Read {
  readonly records: readonly ReadRecord[]
  readonly behindMs: number
  readonly askedAt: number
  readonly now: number
}

interface ReadRecord {
  readonly Data: Uint8Array
  readonly ApproximateArrivalTimestamp: number
}

/**
 * Counts it for CloudWatch, and for the bill: AWS bills everything when the stream is on-demand, else what is older than
 * seven days. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function countRead(
  meters: Meters,
  found: ReadStream,
  shardId: string,
  { records, behindMs, askedAt, now }: Read,
): void {
  const bytes = bytesOf(records)
  countCall(meters, found, 'GetRecords', {
    Success: 1,
    Records: records.length,
    Bytes: bytes,
    IteratorAgeMilliseconds: behindMs,
  })
  const count = countingFor(meters, found, shardId)
  count('OutgoingRecords', records.length)
  count('OutgoingBytes', bytes)
  count('IteratorAgeMilliseconds', behindMs)
  const isOnDemand = found.stream.mode === 'ON_DEMAND'
  const billed = isOnDemand ? bytes : bytesOf(records.filter(isOlderThan(now - LONG_TERM_MS)))
  if (billed > 0)
    meters.use(isOnDemand ? 'kinesis-on-demand-out-bytes' : 'kinesis-long-term-retrieval-bytes', billed)
  countCall(meters, found, 'GetRecords', { Latency: now - askedAt })
}

const isOlderThan =
  (time: number) =>
  ({ ApproximateArrivalTimestamp }: ReadRecord): boolean =>
    ApproximateArrivalTimestamp < time

const bytesOf = (records: readonly ReadRecord[]) => records.reduce((sum, { Data }) => sum + Data.length, 0)
