import type { Random } from '../../../clock/random.ts'
import type { Plan } from '../../../delivery/job.ts'
import type { OutletKind } from '../../../delivery/lineage/manifest.ts'
import { PROCESSING_FAILED } from '../../../delivery/step.ts'
import { evaluatePrefix, parsePrefix, RANDOM_STRING_LENGTH } from '../../prefixes/prefix.ts'
import { formatPattern } from '../../prefixes/timestamp-pattern.ts'
import { zonedTimeAt } from '../../prefixes/zoned-time.ts'
import { appendDelimiterToRecord } from '../../processors/append-delimiter-to-record.ts'
import { settingsOf } from '../../processors/processors.ts'
import type { Named } from '../destination-row.ts'
import { bucketOf, extensionOf, type S3Settings, timeZoneOf } from './s3-settings.ts'

/** How what leaves by an outlet becomes objects, as the delivery stream is at a moment. */
export function planOf(
  { kind, errorOutputType }: { readonly kind: OutletKind; readonly errorOutputType?: string },
  stream: Named<S3Settings>,
): Plan {
  const { destination } = stream
  if (kind === 'errors') return errorPlanOf(stream, errorOutputType)
  if (kind === 'backup') return objectPlanOf(stream, destination.backup ?? destination)
  const delimiter = settingsOf(appendDelimiterToRecord, destination)
  return {
    ...objectPlanOf(stream, destination),
    ...(delimiter && { delimiter }),
    ...(kind === 'partition' && {
      retryMs: (destination.dynamicPartitioning?.retryInSeconds ?? 0) * 1000,
    }),
  }
}

/** Error objects are plain lines of JSON. Without an ErrorOutputPrefix they lie beside the others, by type and time. */
function errorPlanOf(stream: Named<S3Settings>, errorOutputType = PROCESSING_FAILED): Plan {
  const { roleArn, bucketArn, prefix = '', errorOutputPrefix = prefix } = stream.destination
  const settings = {
    ...{ roleArn, bucketArn },
    prefix: errorOutputPrefix.includes('!{')
      ? errorOutputPrefix
      : `${errorOutputPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH/}`,
    compressionFormat: 'UNCOMPRESSED' as const,
  }
  return objectPlanOf(stream, settings, errorOutputType)
}

type Settings = Parameters<typeof extensionOf>[0] & Pick<S3Settings, 'roleArn' | 'bucketArn' | 'prefix'>

function objectPlanOf(
  { name, version, destination }: Named<S3Settings>,
  settings: Settings,
  errorOutputType?: string,
): Plan {
  const naming = {
    ...{ name, version, prefix: settings.prefix ?? '', timeZone: timeZoneOf(destination) },
    extension: extensionOf(settings),
    ...(errorOutputType !== undefined && { errorOutputType }),
  }
  return {
    destination: 's3',
    roleArn: settings.roleArn,
    placeOf: (batch, random) => ({
      bucket: bucketOf(settings),
      key: objectKeyOf({ ...naming, ...batch }, random),
    }),
    compressionFormat: settings.compressionFormat,
  }
}

interface ObjectKeyParts {
  /** Unevaluated, and valid. */
  readonly prefix: string
  readonly name: string
  /** The version of the delivery stream that is in force at the delivery. */
  readonly version: number
  /** When the oldest record of the object arrived, ms since 1970. */
  readonly oldestArrival: number
  readonly timeZone: string
  readonly extension: string
  /** What makes the name its own: a UUID. */
  readonly id: string
  readonly partitionKeys?: Readonly<Record<string, string>>
  readonly errorOutputType?: string
}

/**
 * `<prefix><name>-<version>-<yyyy-MM-dd-HH-mm-ss>-<uuid><extension>`
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function objectKeyOf(
  { prefix, name, version, oldestArrival, timeZone, extension, id, ...values }: ObjectKeyParts,
  random: Pick<Random, 'bytes'>,
): string {
  const time = zonedTimeAt(oldestArrival, timeZone)
  const keyPrefix = evaluatePrefix(parsePrefix(prefix) ?? [], {
    time,
    randomString: () => randomStringOf(random),
    ...values,
  })
  return `${keyPrefix}${name}-${version}-${formatPattern('yyyy-MM-dd-HH-mm-ss', time)}-${id}${extension}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const randomStringOf = (random: Pick<Random, 'bytes'>): string =>
  Array.from(random.bytes(RANDOM_STRING_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
