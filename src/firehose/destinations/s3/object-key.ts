import type { Random } from '../../../clock/random.ts'
import { evaluatePrefix, parsePrefix } from '../../prefixes/prefix.ts'
import { formatPattern } from '../../prefixes/timestamp-pattern.ts'
import { zonedTimeAt } from '../../prefixes/zoned-time.ts'

export interface ObjectKeyParts {
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
export const RANDOM_STRING_LENGTH = 11

const randomStringOf = (random: Pick<Random, 'bytes'>): string =>
  Array.from(random.bytes(RANDOM_STRING_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
