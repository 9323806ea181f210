const HOUR_MS = 3_600_000

/** https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
export const DEFAULT_RETENTION_HOURS = 24
export const MAX_RETENTION_HOURS = 8_760

export const retentionMsOf = ({ retentionPeriodHours }: { readonly retentionPeriodHours: number }): number =>
  retentionPeriodHours * HOUR_MS

/** The trim horizon: what arrived before this moment (ms since 1970) can no longer be read. */
export const trimHorizonOf = (
  stream: { readonly retentionPeriodHours: number; readonly createdAt: number },
  now: number,
): number => Math.max(stream.createdAt, now - retentionMsOf(stream))
