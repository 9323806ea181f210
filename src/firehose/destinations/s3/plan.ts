import type { Random } from '../../../clock/random.ts'
import type { CompressionFormat } from '../../../delivery/compressions/compressions.ts'
import type { Hints } from '../../../delivery/line/buffer.ts'
import type { Outlet } from '../../../delivery/progress/outlet.ts'
import { processingOf } from '../../processors/processing.ts'
import type { DeliveryStream } from '../../streams/delivery-stream.ts'
import { objectKeyOf } from './object-key.ts'
import { bucketOf, extensionOf, intervalMsOf, sizeBytesOf, timeZoneOf } from './s3-settings.ts'

/** What decides an object's name and bytes, as the delivery stream is at a moment. */
export interface Plan {
  readonly bucket: string
  /** The full key. */
  readonly keyOf: (object: NamedObject, random: Pick<Random, 'bytes'>) => string
  readonly compressionFormat: CompressionFormat
  /** Put after every record. */
  readonly delimiter?: Uint8Array
  /** How long a failing delivery is tried, ms. */
  readonly retryMs: number
  /** Absent: the bucket's default. */
  readonly storageClass?: string
  /** The account that has to own the bucket, if it matters. */
  readonly expectedBucketOwner?: string
}

interface NamedObject {
  /** What makes the name its own: a UUID. */
  readonly id: string
  /** When the oldest record of the object arrived, ms since 1970. */
  readonly oldestArrival: number
  readonly partitionKeys?: Readonly<Record<string, string>>
}

/** AWS's error-output-type for what its processing could not deliver. */
export const PROCESSING_FAILED = 'processing-failed'

/** https://docs.aws.amazon.com/firehose/latest/dev/retry.html */
export const RETRY_MS = 24 * 3_600_000

export function planOf(outlet: Outlet, stream: DeliveryStream): Plan {
  const { destination, channel } = stream
  if (outlet.kind === 'errors') return errorPlanOf(stream, outlet.errorOutputType)
  if (channel) return { ...channel.objects, retryMs: RETRY_MS }
  if (outlet.kind === 'backup') return firehosePlanOf(stream, destination.backup ?? destination)
  const { delimiter } = processingOf(destination)
  return {
    ...firehosePlanOf(stream, destination),
    ...(delimiter && { delimiter }),
    ...(outlet.kind === 'partition' && {
      retryMs: (destination.dynamicPartitioning?.retryInSeconds ?? 0) * 1000,
    }),
  }
}

/** Error objects are plain lines of JSON. Without an ErrorOutputPrefix they lie beside the others, by type and time. */
export function errorPlanOf(stream: DeliveryStream, errorOutputType = PROCESSING_FAILED): Plan {
  const { destination, channel } = stream
  if (channel) return { ...channel.deadLetters, retryMs: RETRY_MS }
  const { bucketArn, prefix = '', errorOutputPrefix = prefix } = destination
  const settings = {
    bucketArn,
    prefix: errorOutputPrefix.includes('!{')
      ? errorOutputPrefix
      : `${errorOutputPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}`,
    compressionFormat: 'UNCOMPRESSED' as const,
  }
  return firehosePlanOf(stream, settings, errorOutputType)
}

type Settings = Parameters<typeof extensionOf>[0] & { readonly bucketArn: string; readonly prefix?: string }

function firehosePlanOf(
  { name, version, destination }: DeliveryStream,
  settings: Settings,
  errorOutputType?: string,
): Plan {
  const naming = {
    ...{ name, version, prefix: settings.prefix ?? '', timeZone: timeZoneOf(destination) },
    extension: extensionOf(settings),
    ...(errorOutputType !== undefined && { errorOutputType }),
  }
  return {
    bucket: bucketOf(settings),
    keyOf: (object, random) => objectKeyOf({ ...naming, ...object }, random),
    compressionFormat: settings.compressionFormat,
    retryMs: RETRY_MS,
  }
}

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
