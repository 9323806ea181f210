import type { Slice } from '../../engine/ports/engine.ts'
import { decodeRecord } from '../../engine/ports/record.ts'
import { type Shard, sequenceNumbersOf } from '../shards/shard.ts'

/** The records of a piece of a shard's log, as AWS shows them: of encryption only where there is some. */
export function recordsOf(shard: Shard, { entries }: Pick<Slice, 'entries'>) {
  const numberAt = sequenceNumbersOf(shard)
  return entries.map(({ position, data: frame }) => {
    const { arrivalTime, partitionKey, data, encrypted } = decodeRecord(frame)
    return {
      SequenceNumber: numberAt(position, arrivalTime),
      ApproximateArrivalTimestamp: arrivalTime,
      Data: data,
      PartitionKey: partitionKey === '' ? undefined : partitionKey,
      ...(encrypted && { EncryptionType: 'KMS' as const }),
    }
  })
}

/** How far a reader is behind the end of the shard once it has these records, ms. */
export function millisBehind(
  { atTip }: Slice,
  records: readonly { readonly ApproximateArrivalTimestamp: number }[],
  now: number,
): number {
  const arrivedAt = records.at(-1)?.ApproximateArrivalTimestamp ?? now
  return atTip ? 0 : Math.max(0, Math.floor(now - arrivedAt))
}
