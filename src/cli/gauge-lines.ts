import type { Health } from './client.ts'
import { ADD_DELIMITER, DELIMITER_PROCESSOR, END_RECORDS, RUN_TOGETHER } from './newline-hint.ts'
import { bytesText, countText, durationText } from './terminal-text.ts'

interface Gone {
  readonly records: number
  readonly uncounted?: true
  readonly lastAt: number
  readonly why: string
}

interface Buffer {
  readonly buffered: { readonly records: number; readonly bytes: number }
  readonly hints: { readonly sizeBytes: number; readonly intervalMs: number }
  readonly dueAt?: number
  readonly firesFirst?: 'size' | 'interval'
  readonly sealed?: { readonly bucket: string; readonly key: string }
  readonly failures: number
  readonly retryAt?: number
  readonly lastError?: { readonly code: string; readonly message: string }
}

/** What our own API tells of one delivery stream. Times are ms since 1970. */
export interface FullGauge extends Buffer {
  readonly name: string
  readonly arn: string
  readonly type: string
  readonly version: number
  readonly waiting: { readonly records: number; readonly bytes: number; readonly oldestArrival?: number }
  readonly failingSince?: number
  readonly firstLostAt?: number
  readonly freshnessMs: number
  readonly sources: readonly {
    readonly shardId?: string
    readonly position: number
    readonly lagMs: number
  }[]
  readonly backup?: Buffer
  readonly errors?: Buffer
  readonly partitions?: {
    readonly active: number
    readonly limit: number
    readonly fullest: readonly (Buffer & { readonly keys: Readonly<Record<string, string>> })[]
  }
  readonly querySuspendedAt?: number
  readonly areRecordsRunTogether?: true
  readonly gone?: Gone
  readonly lastDeliveries: readonly {
    readonly bucket: string
    readonly key: string
    readonly records: number
    readonly bytes: number
    readonly reason: string
    readonly deliveredAt: number
    readonly gone?: number
    readonly outcome: { readonly status: string }
  }[]
}

/** Everything about one delivery stream, for a person. */
export function gaugeLines(gauge: FullGauge, standing: Health['problems'], now: number): string[] {
  const { backup, errors, partitions, gone, querySuspendedAt } = gauge
  const readUp = standing.length > 0 ? 'nothing more was read' : 'read up'
  return [
    `${gauge.name}  ${gauge.type}, version ${gauge.version}`,
    ...standing.map(({ what }) => `  problem  ${what}`),
    ...(querySuspendedAt === undefined ? [] : [suspensionLine(now - querySuspendedAt)]),
    ...(gauge.areRecordsRunTogether ? hintLines(gauge) : []),
    ...bufferLines('buffer', gauge, now),
    ...(partitions ? [`  partitions  ${partitions.active} of ${partitions.limit} active`] : []),
    ...(partitions?.fullest ?? []).flatMap((one) => bufferLines(`    ${keysText(one.keys)}`, one, now)),
    ...(backup ? bufferLines('backup', backup, now) : []),
    ...(errors ? bufferLines('errors', errors, now) : []),
    ...(gone ? [goneLine(gone, now)] : []),
    waitingLine(gauge, now),
    ...(gauge.firstLostAt === undefined ? [] : [expiringLine(gauge.firstLostAt - now)]),
    `  freshness  ${durationText(gauge.freshnessMs)}`,
    ...gauge.sources.map(
      ({ shardId, position, lagMs }) =>
        `  source  ${shardId ?? 'Direct PUT'} at ${position}, ${lagMs > 0 ? `${durationText(lagMs)} behind` : readUp}`,
    ),
    ...gauge.lastDeliveries.map(
      ({ bucket, key, records, bytes, reason, deliveredAt, gone = 0, outcome }) =>
        `  ${outcome.status}  s3://${bucket}/${key}  ${countText(records, 'record')}${gone > 0 ? ` (${gone} gone)` : ''}, ${bytesText(bytes)} (${reason}), ${agoText(deliveredAt, now)}`,
    ),
  ]
}

function waitingLine({ waiting, failingSince }: FullGauge, now: number): string {
  const { records, bytes, oldestArrival } = waiting
  const oldest =
    oldestArrival === undefined ? '' : `, the oldest for ${durationText(Math.max(0, now - oldestArrival))}`
  const failing =
    failingSince === undefined
      ? ''
      : `; the destination fails since ${durationText(Math.max(0, now - failingSince))}`
  return `  waiting  ${countText(records, 'record')}, ${bytesText(bytes)}${oldest}${failing}`
}

const expiringLine = (leftMs: number) =>
  leftMs > 0
    ? `  expiring  the first record is lost in ${durationText(leftMs)}: IncreaseStreamRetentionPeriod keeps it`
    : '  expiring  the stream no longer keeps the oldest records: they are being lost'

const hintLines = ({ type }: FullGauge) => [
  `  hint  ${RUN_TOGETHER}`,
  `    ${type === 'Channel' ? END_RECORDS : `${ADD_DELIMITER}: ${DELIMITER_PROCESSOR}`}`,
]

const suspensionLine = (ageMs: number) =>
  `  query suspended ${durationText(Math.max(0, ageMs))} ago: it exceeded 1 s or 64 MiB for three records in a row; records go to the error output until UpdateDestination`

function goneLine({ records, uncounted, lastAt, why }: Gone, now: number): string {
  const others = uncounted ? ', and others that nobody counted,' : ''
  return `  gone  ${countText(records, 'record')}${others} in no object; at last, ${agoText(lastAt, now)}: ${why}`
}

const agoText = (time: number, now: number) => `${durationText(Math.max(0, now - time))} ago`

function bufferLines(name: string, buffer: Buffer, now: number): string[] {
  const { buffered, hints, dueAt, firesFirst, sealed, failures, retryAt, lastError } = buffer
  const waitedMs = dueAt === undefined ? 0 : hints.intervalMs - Math.max(0, dueAt - now)
  const size = `${bytesText(buffered.bytes)} of ${bytesText(hints.sizeBytes)}`
  const interval = `${durationText(waitedMs)} of ${durationText(hints.intervalMs)}`
  const next =
    dueAt === undefined
      ? 'empty'
      : `due in ${durationText(Math.max(0, dueAt - now))}${firesFirst === 'size' ? ', by size sooner' : ''}`
  const retry = retryAt === undefined ? '' : `, again in ${durationText(Math.max(0, retryAt - now))}`
  return [
    `  ${name}  ${countText(buffered.records, 'record')}; ${size}; ${interval}; ${next}`,
    ...(sealed ? [`    on its way  s3://${sealed.bucket}/${sealed.key}`] : []),
    ...(failures > 0
      ? [`    ${countText(failures, 'failure')}${retry}: ${lastError?.code}, ${lastError?.message}`]
      : []),
  ]
}

const keysText = (keys: Readonly<Record<string, string>>): string =>
  Object.entries(keys)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
