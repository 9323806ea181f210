import type { Change, LogId } from '../../engine/engine.ts'
import type { DeliveryStream } from '../delivery-stream.ts'
import { internalGroupOf } from '../direct-put-log.ts'
import { hasStages, processingOf } from '../processing.ts'
import { bucketOf, extensionOf, intervalMsOf, sizeBytesOf, timeZoneOf } from '../s3-settings.ts'
import type { Hints } from './buffer.ts'
import { firstCheckpoint } from './checkpoint.ts'
import type { CompressionFormat } from './compression/compression.ts'
import type { LogPosition } from './source.ts'

/** One way out of a delivery stream: each has its own buffer, objects and checkpoint. */
export interface Outlet {
  readonly kind: 'objects' | 'partition' | 'errors' | 'backup'
  /** Its own within the delivery stream; empty for the only one that most have. */
  readonly name: string
  /** Where a stage puts what leaves here; absent where the source itself is read. */
  readonly log?: LogId
  /** Its own for each dynamic partition, so that what was meant for an earlier one in the same log is not taken. */
  readonly partition?: { readonly id: string; readonly keys: Readonly<Record<string, string>> }
  readonly errorOutputType?: string
}

export const DIRECT: Outlet = { kind: 'objects', name: '' }
export const BACKUP: Outlet = { kind: 'backup', name: 'backup' }

type Identified = Pick<DeliveryStream, 'id'>
const logNamed = ({ id }: Identified, log: string): LogId => ({ group: internalGroupOf(id), log })

export const stagedObjects = (stream: Identified): Outlet => ({
  kind: 'objects',
  name: 'objects',
  log: logNamed(stream, 'objects'),
})
export const errorsOutlet = (stream: Identified, errorOutputType: string): Outlet => ({
  kind: 'errors',
  name: `errors/${errorOutputType}`,
  log: logNamed(stream, `errors/${errorOutputType}`),
  errorOutputType,
})
export const partitionOutlet = (
  stream: Identified,
  slot: number,
  partition: NonNullable<Outlet['partition']>,
): Outlet => ({
  kind: 'partition',
  name: `partitions/${slot}`,
  log: logNamed(stream, `partitions/${slot}`),
  partition,
})

/** Under which its checkpoint and its manifest are kept. */
export const outletIdOf = ({ id }: Identified, { name }: Pick<Outlet, 'name'>): string =>
  name === '' ? id : `${id}/${name}`

/** The checkpoints of a new delivery stream: part of the commit that creates it. */
export const firstCheckpointsOf = (stream: DeliveryStream, positions: readonly LogPosition[]): Change[] => [
  firstCheckpoint(hasStages(stream.destination) ? stageIdOf(stream) : stream.id, positions),
  ...(stream.destination.backup ? [firstBackupCheckpoint(stream, positions)] : []),
]
export const firstBackupCheckpoint = (stream: Identified, positions: readonly LogPosition[]): Change =>
  firstCheckpoint(outletIdOf(stream, BACKUP), positions)
export const stageIdOf = ({ id }: Identified): string => `${id}/stage`

/** What decides an object's name and bytes, as the delivery stream is at a moment. */
export interface Plan {
  readonly bucket: string
  /** Unevaluated. */
  readonly prefix: string
  readonly timeZone: string
  readonly extension: string
  readonly compressionFormat: CompressionFormat
  /** Put after every record. */
  readonly delimiter?: Uint8Array
  /** How long a failing delivery is tried, ms. */
  readonly retryMs: number
}

/** https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
const RETRY_MS = 24 * 3_600_000

export function planOf(outlet: Outlet, { destination }: DeliveryStream): Plan {
  const timeZone = timeZoneOf(destination)
  const base = { bucket: bucketOf(destination), timeZone, retryMs: RETRY_MS }
  if (outlet.kind === 'errors') return { ...base, ...errorNaming(destination) }
  if (outlet.kind === 'backup') {
    const backup = destination.backup ?? destination
    return { ...base, ...naming(backup), bucket: bucketOf(backup) }
  }
  const { delimiter } = processingOf(destination)
  return {
    ...base,
    ...naming(destination),
    ...(delimiter && { delimiter }),
    ...(outlet.kind === 'partition' && {
      retryMs: (destination.dynamicPartitioning?.retryInSeconds ?? 0) * 1000,
    }),
  }
}

/** Where records go whose delivery was given up. */
export const errorPlanOf = ({ destination }: DeliveryStream): Plan => ({
  bucket: bucketOf(destination),
  timeZone: timeZoneOf(destination),
  retryMs: RETRY_MS,
  ...errorNaming(destination),
})

type Named = Parameters<typeof extensionOf>[0] & { readonly prefix?: string }
const naming = (settings: Named) => ({
  prefix: settings.prefix ?? '',
  extension: extensionOf(settings),
  compressionFormat: settings.compressionFormat,
})

/** Error objects are plain lines of JSON. Without an ErrorOutputPrefix they lie beside the others, by type and time. */
const errorNaming = ({ prefix = '', errorOutputPrefix = prefix }: DeliveryStream['destination']) => ({
  prefix: errorOutputPrefix.includes('!{')
    ? errorOutputPrefix
    : `${errorOutputPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}`,
  extension: '',
  compressionFormat: 'UNCOMPRESSED' as const,
})

/** The hints for what began to be buffered at `oldestArrival`: an update changes only what comes after it. */
export function hintsOf(
  { kind }: Pick<Outlet, 'kind'>,
  { destination, formerHints = [] }: Pick<DeliveryStream, 'destination' | 'formerHints'>,
  oldestArrival: number,
): Hints {
  const of = kind === 'backup' ? 'backup' : 'objects'
  const former = formerHints.find((hints) => hints.of === of && oldestArrival < hints.until)
  const hints = former ?? (kind === 'backup' ? (destination.backup ?? destination) : destination)
  return { sizeBytes: sizeBytesOf(hints), intervalMs: intervalMsOf(hints) }
}
