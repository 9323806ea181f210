/** What AWS bills, by the names that the price book (prices.ts) uses. */
export type Meter =
  | 'kinesis-put-payload-units'
  | 'kinesis-shard-hours'
  | 'kinesis-extended-retention-shard-hours'
  | 'kinesis-long-term-retention-byte-hours'
  | 'kinesis-long-term-retrieval-bytes'
  | 'kinesis-fan-out-shard-hours'
  | 'kinesis-fan-out-bytes'
  | 'kinesis-on-demand-stream-hours'
  | 'kinesis-on-demand-in-bytes'
  | 'kinesis-on-demand-out-bytes'
  | 'kinesis-on-demand-fan-out-bytes'
  | 'kinesis-on-demand-extended-retention-byte-hours'
  | 'firehose-ingested-bytes'
  | 'firehose-ingested-bytes-before-rounding'
  | 's3-put-requests'
  | 's3-get-requests'

/** Data is billed to a meter of byte-hours while it is of a certain age, in hours. */
export interface AgeTier {
  readonly meter: Meter
  readonly fromHours: number
  readonly untilHours: number
}

/**
 * Where the services report what happens: CloudWatch's metrics by CloudWatch's names, and what AWS would bill.
 * Cheap enough to be called for every request.
 */
export interface Meters {
  /** Adds `value` to a CloudWatch metric, e.g. `count('AWS/Kinesis', 'IncomingRecords', { StreamName }, 500)`. */
  count(
    namespace: 'AWS/Kinesis' | 'AWS/Firehose' | 'AWS/S3',
    metric: string,
    dimensions: Record<string, string>,
    value: number,
  ): void
  /** Adds to a meter that is billed by use, in the unit of its name. */
  use(meter: Meter, quantity: number): void
  /** From now on `units` of what `id` names are billed by the hour (replaces what ran under that id; 0 ends it). */
  run(meter: Meter, id: string, units: number): void
  /**
   * From now on what arrives under `id` is kept for `hours` and billed by its age (replaces what was said before,
   * also for what is there already; 0 hours: everything is gone).
   */
  retain(id: string, hours: number, tiers: readonly AgeTier[]): void
  /** So many bytes came that are kept under `id`; nothing before `retain` was called for it. */
  arrive(id: string, bytes: number): void
}

/** For what need not be metered. */
export const noMeters: Meters = { count() {}, use() {}, run() {}, retain() {}, arrive() {} }
