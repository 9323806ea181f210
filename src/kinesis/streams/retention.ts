import { retentionTooLong, retentionTooShort } from '../exceptions/streams.ts'

const HOUR_MS = 3_600_000

/** https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
export const DEFAULT_RETENTION_HOURS = 24
const MAX_RETENTION_HOURS = 8_760

/** Throws InvalidArgumentException for a period that no stream may have. */
export function checkRetention(hours: number): void {
  if (hours < DEFAULT_RETENTION_HOURS) throw retentionTooShort(hours, DEFAULT_RETENTION_HOURS)
  if (hours > MAX_RETENTION_HOURS) throw retentionTooLong(hours, MAX_RETENTION_HOURS)
}

/** How long a stream keeps its records. */
export interface Retention {
  readonly retentionPeriodHours: number
  /** ms since 1970: when the retention was made longer, what arrived before was gone already. */
  readonly readableFrom?: number
}

export const retentionMsOf = ({ retentionPeriodHours }: Retention): number => retentionPeriodHours * HOUR_MS

/** The trim horizon: what arrived before this moment (ms since 1970) can no longer be read. */
export const trimHorizonOf = (stream: Retention & { readonly createdAt: number }, now: number): number =>
  Math.max(stream.createdAt, stream.readableFrom ?? 0, now - retentionMsOf(stream))
