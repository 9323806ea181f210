import type { Meter } from './meters.ts'

/** One row of the price book. */
export interface Price {
  /** AWS's own names, where the source gives them. */
  readonly sku?: string
  readonly usageType?: string
  readonly label: string
  readonly meter: Meter
  /** What the price is for, and how much of the meter's unit that is. */
  readonly unit: string
  readonly per: number
  /** USD per unit. */
  readonly price: number
  /** A tier: from and up to how many units in a month the price holds. */
  readonly from?: number
  readonly upTo?: number
  readonly asOf: string
  readonly source: string
}

export interface PriceBook {
  readonly region: string
  readonly currency: 'USD'
  readonly prices: readonly Price[]
}

const GB = 2 ** 30
/** In byte-hours, of AWS's month of 730 hours. */
const GB_MONTH = GB * 730
const LIST = { asOf: '2026-10-01', source: 'AWS Price List' }
const INFRACOST = { asOf: '2024-07', source: 'Infracost price file' }
const FIREHOSE = { asOf: '2026-10', source: 'AWS estimate, reproduced to the cent' }
const firehose = { label: 'Firehose ingest', meter: 'firehose-ingested-bytes', unit: 'GB', per: GB } as const

/** List prices. Data: replace them with your own region's. */
export const US_EAST_1: PriceBook = {
  region: 'us-east-1',
  currency: 'USD',
  prices: [
    {
      sku: '7RXVY4V5SG8NQC38',
      usageType: 'Storage-ShardHour',
      label: 'Kinesis shards',
      meter: 'kinesis-shard-hours',
      unit: 'shard-hour',
      per: 1,
      price: 0.015,
      ...LIST,
    },
    {
      sku: 'MAFXKQJ2YAQM6UDY',
      usageType: 'PutRequestPayloadUnits',
      label: 'Kinesis PUT payload units',
      meter: 'kinesis-put-payload-units',
      unit: 'million',
      per: 1e6,
      price: 0.014,
      ...LIST,
    },
    {
      usageType: 'Extended-ShardHour',
      label: 'Kinesis retention over 24 h',
      meter: 'kinesis-extended-retention-shard-hours',
      unit: 'shard-hour',
      per: 1,
      price: 0.02,
      ...INFRACOST,
    },
    {
      label: 'Kinesis retention over 7 days',
      meter: 'kinesis-long-term-retention-byte-hours',
      unit: 'GB-month',
      per: GB_MONTH,
      price: 0.023,
      ...INFRACOST,
    },
    {
      label: 'Kinesis retrieval after 7 days',
      meter: 'kinesis-long-term-retrieval-bytes',
      unit: 'GB',
      per: GB,
      price: 0.021,
      ...INFRACOST,
    },
    {
      usageType: 'EnhancedFanoutHour',
      label: 'Kinesis enhanced fan-out',
      meter: 'kinesis-fan-out-shard-hours',
      unit: 'consumer-shard-hour',
      per: 1,
      price: 0.015,
      ...INFRACOST,
    },
    {
      label: 'Kinesis enhanced fan-out data',
      meter: 'kinesis-fan-out-bytes',
      unit: 'GB',
      per: GB,
      price: 0.013,
      ...INFRACOST,
    },
    {
      label: 'Kinesis on-demand streams',
      meter: 'kinesis-on-demand-stream-hours',
      unit: 'stream-hour',
      per: 1,
      price: 0.04,
      ...INFRACOST,
    },
    {
      label: 'Kinesis on-demand data in',
      meter: 'kinesis-on-demand-in-bytes',
      unit: 'GB',
      per: GB,
      price: 0.08,
      ...INFRACOST,
    },
    {
      label: 'Kinesis on-demand data out',
      meter: 'kinesis-on-demand-out-bytes',
      unit: 'GB',
      per: GB,
      price: 0.04,
      ...INFRACOST,
    },
    {
      label: 'Kinesis on-demand enhanced fan-out data',
      meter: 'kinesis-on-demand-fan-out-bytes',
      unit: 'GB',
      per: GB,
      price: 0.05,
      ...INFRACOST,
    },
    {
      label: 'Kinesis on-demand retention over 24 h',
      meter: 'kinesis-on-demand-extended-retention-byte-hours',
      unit: 'GB-month',
      per: GB_MONTH,
      price: 0.1,
      ...INFRACOST,
    },
    { ...firehose, price: 0.029, upTo: 500 * 1024, ...FIREHOSE },
    { ...firehose, price: 0.025, from: 500 * 1024, upTo: 2000 * 1024, ...FIREHOSE },
    { ...firehose, price: 0.02, from: 2000 * 1024, ...FIREHOSE },
    {
      usageType: 'Requests-Tier1',
      label: 'S3 PUT, LIST',
      meter: 's3-put-requests',
      unit: 'thousand',
      per: 1_000,
      price: 0.005,
      ...LIST,
    },
    {
      usageType: 'Requests-Tier2',
      label: 'S3 GET',
      meter: 's3-get-requests',
      unit: 'thousand',
      per: 1_000,
      price: 0.0004,
      ...LIST,
    },
  ],
}
